"""The manifest of a build: what every artifact was, signed when all have passed.

Artifacts stream through; their digests are kept, their bytes are not. Files of the previous site
that are carried over (`/assets/`, `/ctx/`, `/schema/`) stay listed. An index that would say the
same as the previous one keeps its bytes, so that building again changes nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from generator.build.artifact import Artifact, CacheClass
from generator.build.previous import Previous
from generator.keys.issuer import Issuer
from passport.base_url import BaseUrl
from passport.canonical import Json, JsonObject, canonical_json
from passport.errors import VerificationError
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    Shard,
    index_document,
    make_shards,
    parse_index,
    parse_shard,
)
from passport.proof import sign, verify
from passport.strict_json import parse_object
from passport.timestamp import time_text

CARRIED_OVER = ("/assets/", "/ctx/", "/schema/")
_MEDIA_TYPE = "application/json"


def with_manifest(
    artifacts: Iterable[Artifact],
    base_url: BaseUrl,
    issuer: Issuer,
    previous: Previous,
    commit: str,
    time: datetime,
) -> Iterator[Artifact]:
    """Yield the artifacts, then the manifest's shards, then its signed index."""
    files = {file.path: file for file in carried_over(previous, issuer)}
    for artifact in artifacts:
        files[artifact.url_path] = listed(artifact)
        yield artifact
    shards = make_shards(files.values())
    for shard in shards:
        yield _artifact(shard.listed.path, shard.content)
    yield _artifact(INDEX_PATH, _index(base_url, issuer, shards, previous, commit, time))


def listed(artifact: Artifact) -> ListedFile:
    """The manifest's line for an artifact."""
    return ListedFile(
        path=artifact.url_path,
        sha256=sha256(artifact.content).hexdigest(),
        size=len(artifact.content),
        media_type=artifact.media_type,
        cache=artifact.cache,
    )


def carried_over(previous: Previous, issuer: Issuer) -> Iterator[ListedFile]:
    """The files of the previous site that stay, whether or not this build makes them."""
    for shard in parse_index(_previous_index(previous, issuer)):
        content = previous(shard.path)
        if content is None:
            raise VerificationError(
                f"the previous site lacks {shard.path}, which its manifest lists",
                "restore the folder from a copy, or delete it to build from nothing",
            )
        for file in parse_shard(shard, content):
            if file.path.startswith(CARRIED_OVER):
                yield file


def _previous_index(previous: Previous, issuer: Issuer) -> JsonObject:
    content = previous(INDEX_PATH)
    if content is None:
        return {"type": "SiteManifest", "shards": []}
    return verify(parse_object(content), issuer.resolve, issuer=issuer.did).document


def _index(
    base_url: BaseUrl,
    issuer: Issuer,
    shards: tuple[Shard, ...],
    previous: Previous,
    commit: str,
    time: datetime,
) -> bytes:
    document = index_document(base_url, issuer.did, time_text(time), commit, shards)
    kept = previous(INDEX_PATH)
    if kept is not None and _says_the_same(parse_object(kept), document):
        return kept
    signed = sign(document, issuer.signer, created=time, verification_method=issuer.method)
    return canonical_json(signed)


def _says_the_same(previous: JsonObject, document: JsonObject) -> bool:
    def lasting(members: JsonObject) -> dict[str, Json]:
        return {k: v for k, v in members.items() if k not in ("proof", "time", "commit")}

    return canonical_json(lasting(previous)) == canonical_json(lasting(document))


def _artifact(path: str, content: bytes) -> Artifact:
    return Artifact(url_path=path, content=content, media_type=_MEDIA_TYPE, cache=CacheClass.DATA)
