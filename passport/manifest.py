"""The manifest: every URL of a site with its digest, under one signed index.

DESIGN 5. The index lists shards, each shard a part of the files; one signature over the index
therefore signs every byte of the site, HTML included. It leaves out what proves itself:
`/manifest/`, `/log/`, `/status/`. Files fall into shards by the digest of their path, so that a
changed file rewrites one shard. This module knows neither folders nor keys.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from passport.base_url import BaseUrl
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.json_members import as_object, list_of, only, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.quoting import quoted

INDEX_PATH = "/manifest/index.json"
NOT_LISTED = ("/manifest/", "/log/", "/status/")
# RFC 3986 3.3, without empty segments: a listed path is fetched and printed as it stands. Nothing
# is escaped that needs no escape (6.2.2.2), or that no file's name can hold: browsers take %2E for
# a dot, servers %2F for a slash.
_ESCAPE = r"%(?![01]|2[DEF]|3[0-9]|[46][1-9A-F]|[57][0-9A]|5[CF]|7[EF])[0-9A-F]{2}"
_PATH = re.compile(rf"/|(?:/(?!\.\.?(?:/|\Z))(?:[0-9A-Za-z._~!$&'()*+,;=:@-]|{_ESCAPE})+)+")
_SHARD_PATH = re.compile(r"/manifest/[0-9a-z]+\.json")
_CUT = re.compile(r"/manifest/(?:all|[0-9a-f]{1,3})\.json")
_DIGEST = re.compile("[0-9a-f]{64}")
_SHARD_MEMBERS = frozenset({"path", "sha256", "files"})
_FILE_MEMBERS = frozenset({"path", "sha256", "size", "mediaType", "cache", "commit", "reason"})
_ENTRY_MEMBERS = frozenset({"type", "digest", "index"})
_MOST_FILES = (256, 4_096, 786_432)
"""Files of a site that has 1, 16 and 256 shards, at most; beyond, it has 4,096.

A page that is verified reads the index and one shard, a line of either taking some 50 bytes where a
host compresses. So these are the sizes at which more shards begin to make both together smaller.
"""


@dataclass(frozen=True, slots=True, order=True)
class ListedFile:
    """One URL of the site: path, hex SHA-256 of its bytes, size in bytes, how it is served.

    A passport of version 1 also tells from which commit it came, and why; later versions do so in
    its history.
    """

    path: str
    sha256: str
    size: int
    media_type: str
    cache: str
    commit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ListedShard:
    """One shard: where it lies, its digest, and how many files it lists."""

    path: str
    sha256: str
    files: int


@dataclass(frozen=True, slots=True, order=True)
class LoggedEntry:
    """An entry of the log whose subject can't carry its index: kind, digest, index."""

    kind: str
    digest: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The bytes of a shard and its line in the index."""

    listed: ListedShard
    content: bytes


def is_listed(path: str) -> bool:
    """Whether the manifest lists a path."""
    return not path.startswith(NOT_LISTED)


def is_shard_path(path: str) -> bool:
    """Whether a path is that of a shard, of whichever size of site."""
    return _CUT.fullmatch(path) is not None


def is_former_shard(path: str, content: bytes, listed: Collection[str]) -> bool:
    """Whether a file is a shard that the manifest named when the site was smaller.

    It says nothing that counts, and names only what is `listed` now, since no URL vanishes.
    """
    if not is_shard_path(path):
        return False
    try:
        files = list_of(parse_object(content), "files")
        return all(text_of(as_object(file, "file"), "path") in listed for file in files)
    except VerificationError:
        return False


def make_shards(files: Iterable[ListedFile]) -> tuple[Shard, ...]:
    """Sort files into shards; every prefix has one, so that their names do not come and go."""
    listed = sorted(files)
    digits = _prefix_digits(len(listed))
    parts: dict[str, list[ListedFile]] = {
        f"{n:0{digits}x}" if digits else "all": [] for n in range(16**digits)
    }
    for file in listed:
        parts[_prefix(file.path, digits)].append(file)
    return tuple(_shard(prefix, part) for prefix, part in parts.items())


def shard_of(path: str, shards: Sequence[ListedShard]) -> ListedShard:
    """Return the shard that lists a path; `VerificationError` where shards are missing."""
    digits = next((n for n in range(8) if 16**n == len(shards)), 0)
    name = f"/manifest/{_prefix(path, digits)}.json"
    for shard in shards:
        if shard.path == name:
            return shard
    raise VerificationError(f"the manifest has no shard {name}")


def _prefix(path: str, digits: int) -> str:
    return sha256(path.encode()).hexdigest()[:digits] or "all"


def _prefix_digits(files: int) -> int:
    return sum(files > most for most in _MOST_FILES)


def _shard(prefix: str, files: list[ListedFile]) -> Shard:
    content = canonical_json({"files": [_file_json(file) for file in files]})
    listed = ListedShard(f"/manifest/{prefix}.json", sha256(content).hexdigest(), len(files))
    return Shard(listed=listed, content=content)


def _file_json(file: ListedFile) -> Json:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "size": file.size,
        "mediaType": file.media_type,
        "cache": file.cache,
        **({"commit": file.commit} if file.commit else {}),
        **({"reason": file.reason} if file.reason else {}),
    }


def index_document(
    base_url: BaseUrl,
    issuer: str,
    shards: Iterable[Shard],
    entries: Iterable[LoggedEntry],
    *,
    log_origin: str,
    log_index: int,
    time: str,
    commit: str,
) -> dict[str, Json]:
    """Return the index without its proof; `time` in UTC, `commit` "" outside Git.

    `log_index` is the place of the index itself in the log; `entries` are those of documents that
    can't name theirs.
    """
    return {
        "id": f"{base_url}{INDEX_PATH}",
        "type": "SiteManifest",
        "issuer": issuer,
        "time": time,
        "commit": commit,
        "log": {"origin": log_origin, "index": log_index},
        "entries": [
            {"type": entry.kind, "digest": entry.digest, "index": entry.index}
            for entry in sorted(entries)
        ],
        "shards": [
            {"path": s.listed.path, "sha256": s.listed.sha256, "files": s.listed.files}
            for s in shards
        ],
    }


def parse_entries(document: JsonObject) -> tuple[LoggedEntry, ...]:
    """Read the entries that a verified index lists; `VerificationError` for another form."""
    return tuple(_logged_entry(item) for item in list_of(document, "entries"))


def parse_index(document: JsonObject) -> tuple[ListedShard, ...]:
    """Read a verified index; raises `VerificationError` for one that is not ours."""
    if document.get("type") != "SiteManifest" or "shards" not in document:
        raise VerificationError("the manifest's index has another form than ours")
    shards = tuple(_listed_shard(item) for item in list_of(document, "shards"))
    _check_once(shard.path for shard in shards)
    return shards


def parse_shard(listed: ListedShard, content: bytes) -> tuple[ListedFile, ...]:
    """Read a shard whose digest the index states; raises `VerificationError`."""
    if sha256(content).hexdigest() != listed.sha256:
        raise VerificationError(f"{listed.path} is not the shard that the manifest lists")
    files = tuple(_listed_file(item) for item in list_of(parse_object(content), "files"))
    if len(files) != listed.files:
        raise VerificationError(f"{listed.path} lists {len(files)} files, not {listed.files}")
    _check_once(file.path for file in files)
    return files


def _listed_shard(item: Json) -> ListedShard:
    shard = as_object(item, "shard")
    only(shard, _SHARD_MEMBERS)
    path = text_of(shard, "path")
    if not _SHARD_PATH.fullmatch(path):
        raise VerificationError(f"{quoted(path)} is no path of a shard")
    return ListedShard(path, _digest(shard), _count(shard, "files"))


def _logged_entry(item: Json) -> LoggedEntry:
    entry = as_object(item, "entry")
    only(entry, _ENTRY_MEMBERS)
    return LoggedEntry(text_of(entry, "type"), text_of(entry, "digest"), _count(entry, "index"))


def _listed_file(item: Json) -> ListedFile:
    file = as_object(item, "file")
    only(file, _FILE_MEMBERS)
    path = text_of(file, "path")
    if not _PATH.fullmatch(path) or not is_listed(path):
        raise VerificationError(f"{quoted(path)} is no path that a manifest lists")
    return ListedFile(
        path=path,
        sha256=_digest(file),
        size=_count(file, "size"),
        media_type=text_of(file, "mediaType"),
        cache=text_of(file, "cache"),
        commit=text_of(file, "commit") if "commit" in file else "",
        reason=text_of(file, "reason") if "reason" in file else "",
    )


def _digest(members: JsonObject) -> str:
    digest = text_of(members, "sha256")
    if not _DIGEST.fullmatch(digest):
        raise VerificationError(f"{quoted(digest)} is no SHA-256 in lower-case hex")
    return digest


def _count(members: JsonObject, name: str) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise VerificationError(f"member {name!r} is no number from 0 on")
    return value


def _check_once(paths: Iterable[str]) -> None:
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            raise VerificationError(f"{quoted(path)} is listed twice", "which of both counts")
        seen.add(path)
