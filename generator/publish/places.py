"""Places: the files of a site, so that no two URLs want the same one.

A site is copied to disks and hosts that don't tell upper from lower case (DESIGN 4), so names are
compared folded: two URLs that differ only so are refused, and so is a path that would be a file
for one URL and a folder for another. This module knows names only; it reads no disk.
"""

import unicodedata

from generator.build.artifact import url_path_of
from passport.errors import PublishError

_REMEDY = "change the identifier of one of them"


class Places:
    """The files taken so far; paths are POSIX and relative to the site folder."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}  # folded -> as spelled
        self._folders: dict[str, tuple[str, str]] = {}  # folded -> as spelled, a file below it

    def take(self, path: str) -> None:
        """Take a file's place; `PublishError` names both URLs when it isn't free."""
        folded = _fold(path)
        if folded in self._files:
            raise _collision(self._files[folded], path)
        if folded in self._folders:
            raise _file_and_folder(path, self._folders[folded][1])
        self._files[folded] = path
        self._take_folders(path)

    def __contains__(self, path: str) -> bool:
        return self._files.get(_fold(path)) == path

    def _take_folders(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        while folder:
            folded = _fold(folder)
            spelling, below = self._folders.setdefault(folded, (folder, path))
            if spelling != folder:
                raise _collision(below, path)
            if below != path:
                return  # whoever took this folder took those above it
            if folded in self._files:
                raise _file_and_folder(self._files[folded], path)
            folder = folder.rpartition("/")[0]


def _fold(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _collision(first: str, second: str) -> PublishError:
    urls = url_path_of(first), url_path_of(second)
    if urls[0] == urls[1]:
        return PublishError(f"two files were made for the URL {urls[0]}", _REMEDY)
    return PublishError(
        f"{urls[0]} and {urls[1]} differ only in upper and lower case, which many disks and hosts "
        "don't tell apart",
        _REMEDY,
    )


def _file_and_folder(file: str, below: str) -> PublishError:
    return PublishError(
        f"{url_path_of(file)} would be a file where {url_path_of(below)} needs a folder", _REMEDY
    )
