"""A mirror as a BagIt bag, which archives take and check with tools of their own.

Spec: RFC 8493 (BagIt 1.0). The payload below `data/` is the mirror as it is; `sha256sum --check`
reads the manifests. A bag says that nothing was damaged or lost, not who made it: that is what
`cellfolio verify` on its payload says. Knows folders only.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from generator.store.durable import make_durable
from passport.errors import VerificationError

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BAGIT, _INFO = "bagit.txt", "bag-info.txt"
_PAYLOAD, _TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})[ \t]+\*?(.+)")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BagReport:
    """What a bag holds: payload files and their bytes."""

    files: int
    size: int


def payload_of(folder: Path) -> Path:
    """Return where a bag's site lies; a folder that is no bag is the site itself."""
    return folder / "data" if (folder / _BAGIT).is_file() else folder


def write_bag(folder: Path, info: Mapping[str, str], day: date) -> BagReport:
    """Write the tag files of a bag whose payload lies below `data/`; the declaration comes last.

    `info` are further members of `bag-info.txt`. While it runs, there is no bag.
    """
    (folder / _BAGIT).unlink(missing_ok=True)
    count = size = 0
    with (folder / _PAYLOAD).open("w", encoding="utf-8", newline="\n") as manifest:
        for name, path in _payload(folder):
            count, size = count + 1, size + path.stat().st_size
            manifest.write(f"{_digest(path)}  {_escaped(name)}\n")
    members = {**info, "Bagging-Date": day.isoformat(), "Payload-Oxum": f"{size}.{count}"}
    text = "".join(f"{label}: {value}\n" for label, value in members.items())
    (folder / _INFO).write_text(text, encoding="utf-8", newline="\n")
    digests = {_BAGIT: sha256(DECLARATION.encode()).hexdigest()}
    digests |= {name: _digest(folder / name) for name in (_INFO, _PAYLOAD)}
    tags = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    (folder / _TAGS).write_text(tags, encoding="utf-8", newline="\n")
    make_durable([folder / name for name in (_PAYLOAD, _INFO, _TAGS)])
    (folder / _BAGIT).write_text(DECLARATION, encoding="utf-8", newline="\n")
    make_durable([folder / _BAGIT])
    return BagReport(count, size)


def check_bag(folder: Path) -> BagReport:
    """Return if a bag is complete and valid (RFC 8493 3); `VerificationError` names what is not."""
    if (folder / _BAGIT).read_text("utf-8") != DECLARATION:
        raise _error(f"{_BAGIT} is not that of a bag of version 1.0")
    for name, digest in _listed(folder / _TAGS):
        _check_file(folder, name, digest)
    count = size = 0
    for name, digest in _listed(folder / _PAYLOAD):
        if not name.startswith("data/"):
            raise _error(f"{_PAYLOAD} lists {name}, which is no payload")
        size += _check_file(folder, name, digest)
        count += 1
    present = sum(1 for _ in _payload(folder))
    if present != count:
        raise _error(f"{present} files lie in the payload, {count} are listed")
    info = (folder / _INFO).read_text("utf-8").splitlines()
    if f"Payload-Oxum: {size}.{count}" not in info:
        raise _error(f"{_INFO} states another size than {size} bytes in {count} files")
    return BagReport(count, size)


def _listed(manifest: Path) -> Iterator[tuple[str, str]]:
    with manifest.open(encoding="utf-8", newline="\n") as lines:
        last = ""
        for line in lines:
            match = _LINE.fullmatch(line.rstrip("\r\n"))
            if match is None or match[2] <= last or {"", ".."} & {*match[2].split("/")}:
                raise _error(f"{manifest.name} has a line that we don't write: {line[:80]!r}")
            last = match[2]
            yield _unescaped(match[2]), match[1]


def _check_file(folder: Path, name: str, digest: str) -> int:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise _error(f"{name} is missing")
    if _digest(path) != digest:
        raise _error(f"{name} was changed")
    return path.stat().st_size


def _payload(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below `data/` in the order of their names in the manifest."""
    names = [
        os.path.relpath(Path(at) / name, folder)
        for at, _, found in os.walk(folder / "data")
        for name in found
    ]
    for name in sorted(names, key=_escaped):
        yield name, folder / name


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _unescaped(name: str) -> str:
    return name.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _error(message: str) -> VerificationError:
    return VerificationError(message, "take another copy of the bag", check="bag")
