"""The manifest of a build: what every artifact was, signed when all have passed.

Artifacts stream through a `Listing`; their digests are kept, their bytes are not. What the previous
site has and this build does not make is carried over if it may never vanish; anything else is
refused, so that no published URL stops answering (DESIGN 4).
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from generator.build.artifact import Artifact, CacheClass
from generator.build.previous import PreviousSite
from generator.content.revision import Revision
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.errors import PublishError
from passport.manifest import ListedFile
from passport.quoting import first_of

MEDIA_TYPE = "application/json"
_CARRIED_OVER = frozenset({CacheClass.ASSET, CacheClass.WRITTEN_ONCE, CacheClass.SEALED})


class Listing:
    """The files of the site that is being made, by URL path."""

    def __init__(self, previous: PreviousSite, revision: Revision) -> None:
        self._previous = previous
        self._revision = revision
        self.files: dict[str, ListedFile] = {}

    def through(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass artifacts on, and list each."""
        for artifact in artifacts:
            self.files[artifact.url_path] = self._listed(artifact)
            yield artifact

    def _listed(self, artifact: Artifact) -> ListedFile:
        digest = sha256(artifact.content).hexdigest()
        before = self._previous.files.get(artifact.url_path)
        if before and before.sha256 == digest:
            return before
        is_first = before is None and artifact.url_path.endswith("/passport.json")
        return ListedFile(
            path=artifact.url_path,
            sha256=digest,
            size=len(artifact.content),
            media_type=artifact.media_type,
            cache=artifact.cache,
            commit=self._revision.commit if is_first else "",
            reason=self._revision.reason if is_first else "",
        )


def carried_over(previous: PreviousSite, made: Mapping[str, ListedFile]) -> Iterator[Artifact]:
    """Yield what the previous site keeps; `PublishError` for a URL that would vanish."""
    missing = [file for path, file in previous.files.items() if path not in made]
    vanishing = [file.path for file in missing if file.cache not in _CARRIED_OVER]
    if vanishing:
        raise PublishError(
            f"published URLs would vanish: {first_of(vanishing)}",
            "put the content back: what was published must keep answering",
        )
    yield from map(previous.artifact, missing)


def says_the_same(previous: JsonObject, document: JsonObject) -> bool:
    """Whether two indexes differ in nothing but when, from what and where in the log."""

    def lasting(members: JsonObject) -> dict[str, Json]:
        return {k: v for k, v in members.items() if k not in ("proof", "time", "commit", "log")}

    return canonical_json(lasting(previous)) == canonical_json(lasting(document))
