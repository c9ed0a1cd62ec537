"""A site in a folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Files of a site by their path below `root`."""

    root: Path

    def get(self, path: str) -> bytes | None:
        """Return a file's bytes, None when there is no such file."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
