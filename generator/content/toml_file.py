"""A TOML file that people write, as its members; `ConfigError` with the place of what is wrong.

The settings of a site and the mapping of an import. Which members they have is not known here.
"""

import tomllib
from pathlib import Path

from generator.content.decoding import decode_text
from passport.errors import ConfigError
from passport.problems import Findings


def read_toml(path: Path, name: str) -> dict[str, object]:
    """Read a file that exists; `name` is what messages call it."""
    findings = Findings()
    text = decode_text(path.read_bytes(), name, findings)
    if findings.has_errors or text is None:
        first = findings.problems[0]
        raise ConfigError(f"{first.place}: {first.message}", first.remedy)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number or a list without end are no syntax
        raise ConfigError(f"{name}: {error}", "mend the file's TOML syntax") from error
