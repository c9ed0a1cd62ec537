"""`cellfolio init`: a new site from a template that builds at once.

The template is package data: a project of its own whose values are visibly examples. What Git and
forges read lies there without its leading dot, to rule the new site and not this repository.
This module knows which of the template's words are the new site's to choose, not what they mean.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

import click

from generator.cli.main import Workspace
from generator.cli.schema import SCHEMAS, SETTINGS, schema_settings, write_schemas, write_settings
from generator.content.config import CONFIG_NAME
from generator.publish.hosts import netlify_headers
from passport.base_url import BaseUrl
from passport.errors import ConfigError, HostError, IdentifierError
from passport.quoting import first_of, quoted
from passport.signing.keys import refuse_demo_keys

EXAMPLE_BASE_URL = "https://id.example.com"
EXAMPLE_OPERATOR = "Example Cells GmbH"
_EXAMPLE_SLUG = "example-cells"
_DOTTED = ("gitignore", "gitattributes", "githooks", "github")
_EXECUTABLE = ("pre-commit", "review.sh")
_WORDED = (CONFIG_NAME, "README.md", f"{_EXAMPLE_SLUG}.yaml", "model.yaml")
_RUNS = 0o755
_LONGEST_SLUG = 40
_MAY_LIE_THERE = (".git",)


@dataclass(frozen=True, slots=True)
class NewSite:
    """What the caller chose."""

    base_url: BaseUrl
    operator: str

    @property
    def slug(self) -> str:
        """The operator's name as a file name: small letters, digits and hyphens of ASCII."""
        if self.operator == EXAMPLE_OPERATOR:
            return _EXAMPLE_SLUG
        plain = unicodedata.normalize("NFKD", self.operator).encode("ascii", "ignore").decode()
        slug = re.sub("[^a-z0-9]+", "-", plain.lower())[:_LONGEST_SLUG].strip("-")
        return slug or "operator"


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", default=EXAMPLE_BASE_URL, help="Where the passports will answer.")
@click.option("--operator", default=EXAMPLE_OPERATOR, metavar="NAME", help="Who issues them.")
@click.pass_obj
def command(workspace: Workspace, folder: Path | None, base_url: str, operator: str) -> None:
    """Make a new site in an empty folder.

    FOLDER is made where it is missing; default: here. The site holds an operator, a battery model
    and two batteries as examples, and builds at once.

    \b
    Example: cellfolio init my-site --operator "Muster Batterien AG"
    """
    target = folder or workspace.project
    site = NewSite(_base_url(base_url), _operator(operator))
    click.echo(_next_steps(target, site, init(target, site)))


def init(folder: Path, site: NewSite) -> int:
    """Write a new site into an empty folder and return how many files it has, schemas aside.

    Raises `ConfigError` when something lies there already; nothing is written then. `HostError`
    when the disk fails.
    """
    _refuse_what_lies_in(folder)
    # The settings come last: until then nothing takes the folder for a project.
    made = sorted(site_files(site), key=lambda file: file[0] == CONFIG_NAME)
    try:
        for name, content in made:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if path.name in _EXECUTABLE:
                path.chmod(_RUNS)
        globs = write_schemas(folder / SCHEMAS)
        write_settings(folder / SETTINGS, schema_settings(folder, globs))
    except OSError as error:
        raise HostError(
            f"the site can't be written: {error}", "mend the cause and name another folder"
        ) from error
    return len(made)


def site_files(site: NewSite) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a new site: POSIX path and content."""
    for path, content in _template(files("generator.cli") / "template", PurePosixPath()):
        yield _placed(path, site), _filled(path, content, site)


def _template(folder: Traversable, prefix: PurePosixPath) -> Iterator[tuple[PurePosixPath, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _template(entry, prefix / entry.name)
        else:
            yield prefix / entry.name, entry.read_bytes()


def _placed(path: PurePosixPath, site: NewSite) -> str:
    parts = (f".{part}" if part in _DOTTED else part for part in path.parts)
    return "/".join(parts).replace(_EXAMPLE_SLUG, site.slug)


def _filled(path: PurePosixPath, content: bytes, site: NewSite) -> bytes:
    """Put the caller's words in place of the template's; documents stay as their digests say."""
    if path.name == "netlify.toml":
        return content + netlify_headers().encode()
    if path.name == "requirements.txt":
        return content + f"cellfolio=={version('cellfolio')}\n".encode()
    if path.name not in _WORDED:
        return content
    words = {
        EXAMPLE_BASE_URL: str(site.base_url),
        f'"{_EXAMPLE_SLUG}"': f'"{site.slug}"',
        # A JSON text is a quoted YAML text too, whatever the name holds.
        f'"{EXAMPLE_OPERATOR}"': json.dumps(site.operator, ensure_ascii=False),
        EXAMPLE_OPERATOR: site.operator,
    }
    pattern = "|".join(map(re.escape, words))
    return re.sub(pattern, lambda found: words[found[0]], content.decode()).encode()


def _refuse_what_lies_in(folder: Path) -> None:
    if not folder.is_dir():
        return
    found = sorted(path.name for path in folder.iterdir() if path.name not in _MAY_LIE_THERE)
    if found:
        raise ConfigError(
            f"{folder} is not empty: it holds {first_of(found, 5)}",
            "name a new or empty folder",
        )


def _base_url(text: str) -> BaseUrl:
    try:
        return BaseUrl(text)
    except IdentifierError as error:
        raise ConfigError(f"--base-url: {error.message}", error.remedy) from error


def _operator(text: str) -> str:
    name = text.strip()
    if not name or not name.isprintable():
        raise ConfigError(f"--operator: {quoted(text)} is no name", "give the company's full name")
    return name


def _next_steps(folder: Path, site: NewSite, count: int) -> str:
    steps = [
        *([] if folder.resolve() == Path.cwd() else [f"cd {folder}"]),
        "cellfolio check      # what is wrong in content/, with file, line and remedy",
        "cellfolio build      # make the site in site/",
        "cellfolio serve      # look at it on this machine",
        "git init && git add . && git commit -m 'Start from a template'",
        "cp .githooks/pre-commit .git/hooks/    # checks before each commit",
    ]
    lines = [f"made a site of {count} files in {folder}", "", "next:"]
    lines += [f"  {step}" for step in steps]
    lines += ["", "README.md says what to change, in which order."]
    return "\n".join([*lines, *_about_address(site.base_url)])


def _about_address(base_url: BaseUrl) -> Iterator[str]:
    """What a new site's address means: it is for trying out, or needs keys of its own."""
    if not base_url.is_real:
        yield f"{base_url} is for trying out: set base_url before you print a label."
        return
    try:
        refuse_demo_keys(base_url)
    except ConfigError as error:
        yield f"Before you build: {error}."
