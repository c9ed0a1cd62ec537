"""The previous site, the only state of a build (DESIGN 5).

Verified before use: its manifest is signed by the issuer, and each file is hashed when it is read.
What it holds decides which passports need a new version, which indexes of the log are free, and
what is carried over. A build without one is the first of its log.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from generator.build.artifact import Artifact, CacheClass
from generator.keys.issuer import Issuer
from generator.read.logged import CHECKPOINT_PATH
from generator.read.sources import Source, needed
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.errors import VerificationError, failing
from passport.manifest import INDEX_PATH, ListedFile, parse_index, parse_shard
from passport.signing.proof import verify

_BEFORE_ALL = -1
REMEDY = "restore the previous site from a copy that `cellfolio verify` finds genuine"
"""What to do about a previous site that doesn't hold."""


@dataclass(frozen=True, slots=True)
class PreviousSite:
    """A verified site: its files by URL path, and when it was last signed.

    `index` is the verified index of its manifest, None for no site at all.
    """

    source: Source
    files: Mapping[str, ListedFile]
    index: JsonObject | None
    signed: datetime | None

    def get(self, path: str) -> bytes | None:
        """Return a listed file, None for another; `VerificationError` if its bytes changed."""
        return self.artifact(self.files[path]).content if path in self.files else None

    def document(self, path: str) -> JsonObject | None:
        """Return a listed JSON document, None where there is none."""
        content = self.get(path)
        return None if content is None else parse_object(content)

    def artifact(self, file: ListedFile) -> Artifact:
        """Return a listed file as it is; `VerificationError` if its bytes changed."""
        content = self.source.get(file.path)
        if content is None or sha256(content).hexdigest() != file.sha256:
            what = "lacks" if content is None else "has other bytes at"
            raise VerificationError(f"the previous site {what} {file.path}", REMEDY)
        return Artifact(
            url_path=file.path,
            content=content,
            media_type=file.media_type,
            cache=CacheClass(file.cache),
        )


class _Nothing:
    """The source of a site that does not exist."""

    def get(self, _path: str) -> bytes | None:
        """Nothing lies anywhere."""
        return None


NO_SITE = PreviousSite(_Nothing(), {}, None, None)
"""What the first build of a site has before it."""


def read_previous(source: Source, issuer: Issuer) -> PreviousSite:
    """Verify a previous site's manifest; `NO_SITE` where neither manifest nor log lies.

    Raises `VerificationError` for a manifest that the issuer did not sign as it is.
    """
    content = source.get(INDEX_PATH)
    if content is None:
        if source.get(CHECKPOINT_PATH) is not None:
            raise VerificationError(f"the previous site lacks {INDEX_PATH}", REMEDY)
        return NO_SITE
    # Even if its key was revoked since: that it was published is for the log to prove (`state`).
    with of_previous(INDEX_PATH):
        document = parse_object(content)
        held = verify(document, issuer.resolve, issuer=issuer.did, log_index=_BEFORE_ALL)
    files: dict[str, ListedFile] = {}
    for shard in parse_index(held.document):
        with of_previous(shard.path):
            part = parse_shard(shard, needed(source, shard.path))
            files |= {file.path: file for file in part}
    return PreviousSite(source, files, document, parse_time(text_of(held.document, "time")))


@contextmanager
def of_previous(path: str) -> Iterator[None]:
    """Say of what fails in this block that it is a file of the previous site, and what to do."""
    with failing(f"previous site's {path}"):
        try:
            yield
        except VerificationError as error:
            raise VerificationError(error.message, REMEDY, check=error.check) from error
