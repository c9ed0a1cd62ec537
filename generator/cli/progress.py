"""Progress of long work, on stderr and only where a person watches."""

import sys
from collections.abc import Iterable, Iterator

import click

from generator.build.artifact import Artifact


def progress(artifacts: Iterable[Artifact], passports: int, label: str) -> Iterator[Artifact]:
    """Pass artifacts through, counting the passports among them."""
    with click.progressbar(length=passports, label=label, file=sys.stderr) as bar:
        for artifact in artifacts:
            yield artifact
            if artifact.url_path.endswith("/passport.json"):
                bar.update(1)
