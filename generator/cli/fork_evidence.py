"""Evidence of a fork, kept in the folder that the option `--evidence` names."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import click

from generator.read.log import Fork


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """Where evidence of a fork is kept; a file is never written over."""

    folder: Path

    def keep(self, fork: Fork) -> str:
        """Write the evidence under a name made from its bytes; return the path."""
        content = fork.to_bytes()
        path = self.folder / f"fork-{hashlib.sha256(content).hexdigest()[:16]}.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(content)
        return str(path)


evidence_option = click.option(
    "--evidence",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    callback=lambda _context, _option, folder: EvidenceFolder(folder),
    help="Where evidence of a fork is kept; default: here.",
)
