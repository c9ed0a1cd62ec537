"""What a deploy has to do: the difference between a verified site and what a target holds.

The target's own manifest tells what lies there, so nothing is listed or downloaded; it must be the
issuer's, and the site must continue its log. Headers count: a file whose headers changed is written
again. This module reads; it writes nothing.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from generator.build.artifact import CacheClass
from generator.build.previous import NO_SITE, REMEDY, PreviousSite, read_previous
from generator.build.state import check_continues
from generator.keys.issuer import Issuer
from generator.publish.headers import KINDS, object_headers
from generator.publish.lease import FoundState, HeaderTable
from generator.publish.mirror_state import MIRROR_KEY
from generator.publish.shipment import Shipment, Shipped, Stage
from generator.publish.target import Target
from generator.read.log import SignedLog, open_log
from generator.read.logged import CHECKPOINT_PATH, GENERATION, log_paths
from generator.read.sources import Source
from passport.base_url import BaseUrl
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError, PublishError, VerificationError, failing
from passport.manifest import INDEX_PATH, parse_index
from passport.quoting import first_of

_MEND = "see who else writes to the target; --repair puts the site's own bytes back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that has to be written. `replaces` is the SHA-256 of what should lie there now.

    "" for nothing, None where it isn't known and must be looked at first.
    """

    file: Shipped
    key: str
    replaces: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployPlan:
    """All uploads by stage. `resumes`: an earlier run began to put this very site there."""

    uploads: tuple[Upload, ...]
    unchanged: int
    resumes: bool
    is_first: bool
    """Whether the target holds no site yet."""

    @property
    def is_done(self) -> bool:
        """Whether the target holds the site already, whole."""
        return not self.uploads and not self.resumes

    @property
    def bytes(self) -> int:
        """How much there is to upload."""
        return sum(upload.file.size for upload in self.uploads)


def header_table() -> HeaderTable:
    """Return what every kind of file is kept with now."""
    page = ("text/html", CacheClass.PAGE)
    kinds = {page, *((kind.media_type, kind.cache) for kind in KINDS)}
    return {_kind(*kind): object_headers(*kind) for kind in sorted(kinds)}


def plan_deploy(
    shipment: Shipment,
    target: Target,
    issuer: Issuer,
    base_url: BaseUrl,
    found: FoundState | None,
    *,
    repair: bool,
) -> DeployPlan:
    """Compare a site with what its target holds; `repair` looks at every object itself.

    Raises `VerificationError` for a target with another site or a log that the shipment does not
    continue, `PublishError` where a published URL would vanish or a file that never changes would.
    """
    if target.objects.head(MIRROR_KEY) is not None:
        raise PublishError(f"{target.name} is a mirror", "name another target, and mirror that")
    resumes = found is not None and not found.state.finished and found.state.site == shipment.id
    with failing("target"):
        log = _continued(target.source, issuer, base_url, shipment)
        try:
            published = _published(target.source, issuer, log, shipment)
        except VerificationError as error:
            # Killed between shards and index, a deploy leaves a manifest that holds for no site.
            if not resumes and not repair:
                remedy = _MEND if error.remedy in ("", REMEDY) else error.remedy
                raise VerificationError(error.message, remedy, check=error.check) from error
            published = None
    if published:
        _check_keeps(shipment, published)
    known = None if repair else published
    headers = found.state.headers if found and published else {}
    uploads = tuple(_uploads(shipment, target, known, headers))
    return DeployPlan(
        uploads=uploads,
        unchanged=len(shipment.files) - len(uploads),
        resumes=resumes,
        is_first=published == {},
    )


def _uploads(
    shipment: Shipment, target: Target, known: Mapping[str, str] | None, headers: HeaderTable
) -> Iterable[Upload]:
    table = header_table()
    for file in shipment.files:
        before = None if known is None else known.get(file.path, "")
        kind = _kind(file.media_type, file.cache)
        if before != file.sha256 or headers.get(kind) != table[kind]:
            key = target.key_of(file.path, file.media_type)
            yield Upload(file=file, key=key, replaces=before)


def _continued(
    source: Source, issuer: Issuer, base_url: BaseUrl, shipment: Shipment
) -> SignedLog | None:
    """Return the log at the target, None for none or a damaged one.

    What `VerificationError` tells here no repair may pass over: another site lies there, or a newer
    or other state of this one.
    """
    with suppress(JsonError):
        found = parse_object(source.get(INDEX_PATH) or b"").get("id")
        if found != f"{base_url}{INDEX_PATH}":
            raise VerificationError(f"another site lies there, {found!r}", "name another target")
    try:
        log = open_log(source, issuer.document, base_url, GENERATION)
    except VerificationError:
        return None
    with failing("log"):
        check_continues(shipment.log, log.checkpoint)
    return log


def _published(
    source: Source, issuer: Issuer, log: SignedLog | None, shipment: Shipment
) -> dict[str, str]:
    """What lies at the target, by path: SHA-256 in hex; nothing where no site is."""
    site = read_previous(source, issuer)
    if site is NO_SITE:
        return {}
    if log is None:
        raise VerificationError("the log's checkpoint is missing or damaged")
    paths = log_paths(log) - {CHECKPOINT_PATH}
    ours = {file.path: file.sha256 for file in shipment.files}
    found = {file.path: file.sha256 for file in site.files.values()}
    # One log has one content for each of its tiles.
    found |= {path: ours[path] for path in paths & ours.keys()}
    small = [path for path in ours if path.startswith("/status/")]
    return found | _digests(source, (*small, CHECKPOINT_PATH)) | _manifest(site)


def _digests(source: Source, paths: Iterable[str]) -> dict[str, str]:
    contents = ((path, source.get(path)) for path in paths)
    return {path: sha256(content).hexdigest() for path, content in contents if content is not None}


def _manifest(site: PreviousSite) -> dict[str, str]:
    assert site.index is not None, "a site with a manifest has an index"
    shards = {shard.path: shard.sha256 for shard in parse_index(site.index)}
    return shards | _digests(site.source, [INDEX_PATH])


def _check_keeps(shipment: Shipment, published: Mapping[str, str]) -> None:
    """Every URL that was published is still there, and what never changes has not."""
    ours = {file.path: file for file in shipment.files}
    vanishing = [
        path
        for path in published
        if path not in ours and not path.startswith(("/log/", "/manifest/"))
    ]
    changed = [
        path
        for path, digest in published.items()
        if path in ours and ours[path].never_changes and ours[path].sha256 != digest
    ]
    for paths, what in ((vanishing, "would vanish"), (changed, "never change, but would")):
        if paths:
            raise PublishError(
                f"published URLs {what}: {first_of(paths)}",
                "build on what is published, with --previous and the target's address",
            )


def _kind(media_type: str, cache: CacheClass) -> str:
    return f"{media_type} {cache}"


STAGE_NAMES: Mapping[Stage, str] = {
    Stage.IMMUTABLE: "what never changes",
    Stage.SEALED: "sealed files",
    Stage.IDENTITY: "the issuer's identity",
    Stage.DATA: "passports and data",
    Stage.PAGES: "pages",
    Stage.LISTS: "status lists",
    Stage.CHECKPOINT: "the log's checkpoint",
    Stage.SHARDS: "the manifest's parts",
    Stage.MANIFEST: "the manifest",
}
