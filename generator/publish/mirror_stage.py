"""Beside a mirror: what will take the place of files that it holds, until all of it is there.

    .cellfolio/next/files/{sha256}      bytes that replace others
    .cellfolio/next/moves/{n}.jsonl     which of them goes where, in this order, a line each

An interrupted run leaves the mirror as it was. Once every move is written, the mirror itself holds
all that the next state needs, so that it can be finished after its source is gone. A store can't
rename, so bytes are copied and then deleted here. Memory holds one list of moves at a time.
"""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

from generator.build.artifact import CacheClass
from generator.publish.headers import object_headers
from generator.publish.mirror_source import check_form
from generator.publish.target import Target
from generator.store.objects import Expected
from passport.encoding.canonical import canonical_json
from passport.encoding.json_members import only, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import PublishError, VerificationError
from passport.manifest import ListedFile

NEXT = ".cellfolio/next/"
MOVES = f"{NEXT}moves/"
WORKERS = 16
"""Requests at once."""
_A_LIST = 4096
_RESTORE = "restore the mirror from a copy, or mirror into an empty place"
_DIGEST = re.compile("[0-9a-f]{64}")
_MEMBERS = frozenset({"path", "sha256", "mediaType", "cache"})


def put_file(target: Target, file: ListedFile, content: bytes) -> None:
    """Put a file where readers find it, with the headers of its kind."""
    headers = object_headers(file.media_type, CacheClass(file.cache))
    key = target.key_of(file.path, file.media_type)
    target.objects.put(key, content, file.sha256, headers, Expected.ANYTHING)


@dataclass(slots=True)
class Stage:
    """What one run lays ready."""

    target: Target
    _lines: list[ListedFile] = field(default_factory=list)
    _lists: int = 0

    def holds(self, file: ListedFile) -> bool:
        """Whether an earlier run laid these bytes ready."""
        found = self.target.objects.head(_file_key(file))
        return found is not None and found.digest == file.sha256

    def lay(self, file: ListedFile, content: bytes) -> None:
        """Lay bytes ready; `move` says where they go."""
        put = self.target.objects.put
        put(_file_key(file), content, file.sha256, {}, Expected.ANYTHING)

    def move(self, file: ListedFile) -> None:
        """Note that a file goes in place, after all that were noted before."""
        self._lines.append(file)
        if len(self._lines) == _A_LIST:
            self.close_list()

    def close_list(self) -> None:
        """Write the moves noted so far: the files of one list go in place in no order."""
        if not self._lines:
            return
        content = b"".join(map(_line, self._lines))
        digest = sha256(content).hexdigest()
        key = _list_key(self._lists)
        self.target.objects.put(key, content, digest, {}, Expected.ANYTHING)
        self._lists += 1
        self._lines.clear()

    def end(self) -> None:
        """Write the last moves, and that there are no more."""
        self.close_list()
        self.target.objects.put(_list_key(self._lists), b"", _EMPTY, {}, Expected.ANYTHING)


def place_all(target: Target) -> int:
    """Put in place what lies ready, in order; whoever is interrupted calls it again.

    Returns how many files. `PublishError` when something that was laid ready is gone.
    """
    count = 0
    with ThreadPoolExecutor(WORKERS) as workers:
        for moves in _lists(target):
            placed = workers.map(lambda file: _place(target, file), moves)
            count += sum(1 for _ in placed)
    return count


def clear(target: Target, prefix: str = NEXT) -> None:
    """Forget what lay ready, and what interrupted runs left: all of it, or a part by its prefix."""
    for key in list(target.objects.every_key(prefix)):
        target.objects.delete(key)


def _place(target: Target, file: ListedFile) -> None:
    content = target.objects.get(_file_key(file))
    if content is None or sha256(content).hexdigest() != file.sha256:
        raise PublishError(
            f"what should become {file.path} is missing or damaged",
            _RESTORE,
        )
    put_file(target, file, content)


def _lists(target: Target) -> Iterator[tuple[ListedFile, ...]]:
    number = 0
    while content := target.objects.get(_list_key(number)):
        yield tuple(_parse(content.splitlines()))
        number += 1


def _parse(lines: Iterable[bytes]) -> Iterator[ListedFile]:
    """Read a list; a mirror may come from anybody, so it is believed no more than a manifest."""
    for line in lines:
        members = parse_object(line)
        only(members, _MEMBERS)
        file = ListedFile(
            path=text_of(members, "path"),
            sha256=text_of(members, "sha256"),
            size=0,
            media_type=text_of(members, "mediaType"),
            cache=text_of(members, "cache"),
        )
        check_form(file)
        if not _DIGEST.fullmatch(file.sha256):
            raise VerificationError(f"{NEXT} holds what we did not write", _RESTORE)
        yield file


def _line(file: ListedFile) -> bytes:
    members = {"path": file.path, "sha256": file.sha256, "mediaType": file.media_type}
    return canonical_json({**members, "cache": file.cache}) + b"\n"


def _file_key(file: ListedFile) -> str:
    return f"{NEXT}files/{file.sha256}"


def _list_key(number: int) -> str:
    return f"{MOVES}{number:08d}.jsonl"


_EMPTY = sha256(b"").hexdigest()
