"""The manifest: every URL of a site with its digest, under one signed index.

DESIGN 5. The index lists shards, each shard a part of the files; one signature over the index
therefore signs every byte of the site, HTML included. It leaves out what proves itself:
`/manifest/`, `/log/`, `/status/`. Files fall into shards by the digest of their path, so that a
changed file rewrites one shard. This module knows neither folders nor keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from passport.base_url import BaseUrl
from passport.canonical import Json, canonical_json
from passport.errors import VerificationError
from passport.strict_json import parse_json

INDEX_PATH = "/manifest/index.json"
NOT_LISTED = ("/manifest/", "/log/", "/status/")
_FILES_A_SHARD = 2048
"""Files that a shard holds on average, at most; above it the number of shards grows by 16."""


@dataclass(frozen=True, slots=True, order=True)
class ListedFile:
    """One URL of the site: path, hex SHA-256 of its bytes, size in bytes, how it is served."""

    path: str
    sha256: str
    size: int
    media_type: str
    cache: str


@dataclass(frozen=True, slots=True, order=True)
class ListedShard:
    """One shard: where it lies, its digest, and how many files it lists."""

    path: str
    sha256: str
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The bytes of a shard and its line in the index."""

    listed: ListedShard
    content: bytes


def is_listed(path: str) -> bool:
    """Whether the manifest lists a path."""
    return not path.startswith(NOT_LISTED)


def make_shards(files: Iterable[ListedFile]) -> tuple[Shard, ...]:
    """Sort files into shards; every prefix has one, so that their names do not come and go."""
    listed = sorted(files)
    digits = _prefix_digits(len(listed))
    parts: dict[str, list[ListedFile]] = {
        f"{n:0{digits}x}" if digits else "all": [] for n in range(16**digits)
    }
    for file in listed:
        prefix = sha256(file.path.encode()).hexdigest()[:digits] or "all"
        parts[prefix].append(file)
    return tuple(_shard(prefix, part) for prefix, part in parts.items())


def _prefix_digits(files: int) -> int:
    digits = 0
    while files > _FILES_A_SHARD * 16**digits:
        digits += 1
    return digits


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
    }


def index_document(
    base_url: BaseUrl, issuer: str, time: str, commit: str, shards: Iterable[Shard]
) -> dict[str, Json]:
    """Return the index without its proof; `time` in UTC, `commit` "" outside Git."""
    return {
        "id": f"{base_url}{INDEX_PATH}",
        "type": "SiteManifest",
        "issuer": issuer,
        "time": time,
        "commit": commit,
        "shards": [
            {"path": s.listed.path, "sha256": s.listed.sha256, "files": s.listed.files}
            for s in shards
        ],
    }


def parse_index(document: Mapping[str, Json]) -> tuple[ListedShard, ...]:
    """Read a verified index; raises `VerificationError` for one that is not ours."""
    shards = document.get("shards")
    if document.get("type") != "SiteManifest" or not isinstance(shards, list):
        raise VerificationError("the manifest's index has another form than ours")
    return tuple(_listed_shard(item) for item in shards)


def parse_shard(listed: ListedShard, content: bytes) -> tuple[ListedFile, ...]:
    """Read a shard whose digest the index states; raises `VerificationError`."""
    if sha256(content).hexdigest() != listed.sha256:
        raise VerificationError(f"{listed.path} is not the shard that the manifest lists")
    document = parse_json(content)
    files = document.get("files") if isinstance(document, dict) else None
    if not isinstance(files, list):
        raise VerificationError(f"{listed.path} has another form than ours")
    return tuple(_listed_file(item) for item in files)


def _listed_shard(item: Json) -> ListedShard:
    match item:
        case {"path": str(path), "sha256": str(digest), "files": int(files)}:
            return ListedShard(path, digest, files)
    raise VerificationError("the manifest's index lists a shard in another form than ours")


def _listed_file(item: Json) -> ListedFile:
    match item:
        case {
            "path": str(path),
            "sha256": str(digest),
            "size": int(size),
            "mediaType": str(media_type),
            "cache": str(cache),
        }:
            return ListedFile(path, digest, size, media_type, cache)
    raise VerificationError("the manifest lists a file in another form than ours")
