"""A site in a folder."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from passport.errors import HostError
from passport.quoting import quoted

LARGEST = 1 << 30
"""Bytes of the largest file that is read; a sparse file costs its maker nothing."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Files of a site by their path below `root`."""

    root: Path
    _real_root: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real_root", os.path.realpath(self.root))

    def get(self, path: str) -> bytes | None:
        """Return a file's bytes, None when there is no such file.

        A folder may come from anybody: what a link leads to outside of it, a pipe or a device is
        none of its files. Raises `HostError` for a link that leads out and for trouble.
        """
        try:
            return self._read(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:  # ValueError: a name with a NUL
            raise HostError(f"{quoted(path)} can't be read: {error}", "mend the folder") from error

    def _read(self, path: str) -> bytes | None:
        real = os.path.realpath(f"{self._real_root}/{path}", strict=True)
        if not real.startswith(f"{self._real_root}/"):
            raise HostError(f"{quoted(path)} leads out of the folder", "put the file itself there")
        file = Path(real)
        if not file.is_file():
            return None
        if file.stat().st_size > LARGEST:
            raise HostError(f"{quoted(path)} is larger than {LARGEST} bytes", "nothing of ours is")
        return file.read_bytes()
