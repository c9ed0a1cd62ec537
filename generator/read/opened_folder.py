"""A folder of what was opened: JSON and documents, whole or not at all, for its owner's eyes only.

Everything is staged beside the folder and renamed into place at the end. The names come from
payloads, whose author may be hostile: each begins with the document's number, so that none is
hidden, reserved or another one's, and what could lead elsewhere or deceive is left out of the rest.
"""

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.read.opening import OpenedDocument, OpenedGroup
from passport.encoding.canonical import JsonObject
from passport.errors import ConfigError

_LONGEST_NAME = 120
"""Bytes of a file name besides its number; every file system has room for that."""
_REFUSED = frozenset('<>:"|?*')


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """A folder that is being filled; it is there once `opened_folder` ends without an error."""

    _staged: Path

    def write(self, name: str, content: bytes) -> None:
        """Write a new file; `name` is one of those below, so it can't lead out of the folder."""
        path = self._staged / name
        for folder in reversed(Path(name).parents):
            (self._staged / folder).mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)


def check_fillable(folder: Path) -> None:
    """Raise `ConfigError` unless the folder is new or empty and its parent is there."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise ConfigError(f"{folder} is not empty", "name a new folder with -o")
    if not folder.absolute().parent.is_dir():
        raise ConfigError(f"there is no folder {folder.absolute().parent}", "make it first")


@contextmanager
def opened_folder(folder: Path) -> Iterator[OpenedFolder]:
    """Fill a new folder; when the block fails, nothing is left.

    `ConfigError` for one that `check_fillable` refuses.
    """
    check_fillable(folder)
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
    try:
        yield OpenedFolder(staged)
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def group_path(group: OpenedGroup) -> str:
    """Return where a group's data points go: below its site and its dppId, neither a path."""
    return f"{_folder_of(group)}.json"


def document_path(document: OpenedDocument) -> str:
    """Return where a document goes."""
    named = document.named
    return f"{_folder_of(document.group)}/{safe_name(named.number, named.file_name)}"


def _folder_of(group: OpenedGroup) -> str:
    bound = group.bound
    site = bound.base_url.authority.replace(":", "_")
    return f"{site}/{bound.expected.passport}/{bound.expected.group}"


def safe_name(number: int, file_name: str) -> str:
    """Return a file name for a document: `4-exploded-view.pdf`; never a path."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(map(_shown, unicodedata.normalize("NFC", last))).strip(" .")
    return f"{number}-{_cut(kept) or 'document'}"


def _shown(character: str) -> str:
    # What isn't printable steers a terminal, or the direction of a text.
    return character if character.isprintable() and character not in _REFUSED else "_"


def _cut(name: str) -> str:
    """Shorten a name, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 16:
        stem, dot, ending = name, "", ""
    room = _LONGEST_NAME - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{dot}{ending}"


def json_text(value: JsonObject, *, indent: int | None = 2) -> str:
    """Return JSON for files and terminals: what isn't printable in it is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text) + "\n"
