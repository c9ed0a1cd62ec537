"""Mirroring: a verified copy of a site in a folder or bucket; only what changed is fetched.

1. Read: what vouches for the source, and what was mirrored before. The source's log must continue
   the newest checkpoint that this mirror ever saw, its DID log the one kept here.
2. Fetch: part by part of the manifest, each file hashed before it is kept. What nothing is replaced
   by goes in place, what replaces something is laid beside it (`mirror_stage`).
3. Place: once all of it is there. A run that is interrupted before leaves the mirror as it was;
   one that is interrupted here is finished by the next, which needs no source for that.

No URL is ever deleted. Memory holds one part of the manifest. Which stores they are isn't known.
"""

from dataclasses import replace
from datetime import datetime

from generator.publish.lease import STATE_KEY
from generator.publish.mirror_fetch import AfterFile, Fetch, MirrorReport
from generator.publish.mirror_source import SiteState, read_state
from generator.publish.mirror_stage import MOVES, NEXT, Stage, clear, place_all
from generator.publish.mirror_state import MirrorLease, Phase, new_mirror, read_mirror
from generator.publish.target import Target
from generator.read.log import Keep, verify_continues
from generator.read.sources import Source
from passport.base_url import BaseUrl
from passport.did.webvh import check_extends
from passport.errors import PublishError, VerificationError, failing
from passport.log.checkpoint import verify_checkpoint
from passport.manifest import INDEX_PATH

_KEPT = "the mirror stays as it was"


def mirror(
    source: Source,
    target: Target,
    now: datetime,
    keep: Keep,
    *,
    expected: BaseUrl | None = None,
    repair: bool = False,
    after_file: AfterFile = lambda _count, _of: None,
) -> MirrorReport:
    """Make a mirror hold the state that its source shows; the same call goes on after any end.

    `expected` is the address that was asked, `keep` keeps evidence of a fork; `repair` reads every
    file of the mirror too. `VerificationError` for a source that doesn't hold or doesn't continue
    what was mirrored, `PublishError` for a place that is no mirror and for company, `HostError` for
    trouble; the mirror is as it was then.
    """
    lease = read_mirror(target.objects) or new_mirror(target.objects)
    finished = finish(target, lease)
    site = read_state(source, now, expected=expected)
    before = _mirrored(target, lease, now, repair=repair)
    _check_same_site(site, before)
    _check_continues(site, before, lease, keep)
    report = MirrorReport(site=site, is_first=before is None, finished_earlier=finished)
    is_trusted = before is not None and lease.state.whole == before.id and not repair
    was_interrupted = lease.state.phase is not Phase.DONE
    if is_trusted and lease.state.whole == site.id and not was_interrupted:
        report.unchanged = site.files
        after_file(site.files, site.files)
        return report
    is_there = repair or (before is not None and not lease.tag)
    fetch = Fetch(
        target=target,
        site=site,
        before=before,
        is_trusted=is_trusted,
        looks=was_interrupted or is_there,
        reads=is_there,
        lease=lease,
        stage=Stage(target),
        report=report,
        after_file=after_file,
    )
    _renew(fetch)
    return report


def _renew(fetch: Fetch) -> None:
    """Fetch what the mirror lacks, and put it in place once all of it is there."""
    target, site, lease = fetch.target, fetch.site, fetch.lease
    # Files that a run for this very state laid ready are good still; where they go is told anew.
    clear(target, MOVES if lease.state.site == site.id else NEXT)
    lease.take(site.id, site.log.note, Phase.FETCHING)
    fetch.files()
    fetch.vouching()
    lease.enter(Phase.PLACING)
    _place(target, lease)
    if fetch.before is not None:
        _forget_parts(target, site, fetch.before)


def finish(target: Target, lease: MirrorLease) -> bool:
    """Put in place what an interrupted run had laid ready; whether there was anything."""
    if lease.state.phase is not Phase.PLACING:
        return False
    lease.take(lease.state.site, lease.state.checkpoint, Phase.PLACING)
    _place(target, lease)
    return True


def _place(target: Target, lease: MirrorLease) -> None:
    place_all(target)
    clear(target, MOVES)  # first: without them there is nothing to place, whoever goes on
    clear(target)
    lease.enter(Phase.DONE)


def _mirrored(
    target: Target, lease: MirrorLease, now: datetime, *, repair: bool
) -> SiteState | None:
    """Return what was mirrored before; `PublishError` for a place that holds something else."""
    if target.objects.head(STATE_KEY) is not None:
        raise PublishError(
            f"{target.name} is what somebody deploys to",
            f"name another place; of a copy of it, delete {STATE_KEY} first",
        )
    if target.source.get(INDEX_PATH) is None:
        if not lease.tag and next(iter(target.objects.every_key()), None) is not None:
            raise PublishError(f"{target.name} is neither empty nor a mirror", "name another place")
        return None
    try:
        return read_state(target.source, now)
    except VerificationError as error:
        if repair:
            return None
        raise VerificationError(
            f"{target.name} was damaged: {error}", "mend it from its source with --repair"
        ) from error


def _check_same_site(site: SiteState, before: SiteState | None) -> None:
    if before is None:
        return
    if before.base_url != site.base_url:
        raise VerificationError(
            f"the mirror is of {before.base_url}, the source of {site.base_url}",
            "mirror it to another place",
        )
    if before.did_log != site.did_log and before.log.checkpoint.size < site.log.checkpoint.size:
        with failing("did-log"):
            check_extends(site.did_log, before.did_log)


def _check_continues(
    site: SiteState, before: SiteState | None, lease: MirrorLease, keep: Keep
) -> None:
    """Hold the source's log to the newest checkpoint seen; a fork's evidence is kept."""
    earlier = lease.state.checkpoint or (before.log.note if before else b"")
    if not earlier:
        return
    known = (*site.log.keys, *(before.log.keys if before else ()))
    seen, shown = verify_checkpoint(earlier, known), site.log.checkpoint
    if shown.size < seen.size and _is_older(site, before):
        raise VerificationError(
            f"the source's log has {shown.size} entries, this mirror has seen {seen.size}: "
            "the source shows an older state",
            f"{_KEPT}; ask a source that is up to date",
            check="rollback",
        )
    verify_continues(replace(site.log, keys=tuple(dict.fromkeys(known))), earlier, keep)


def _is_older(site: SiteState, before: SiteState | None) -> bool:
    """Whether the source's log is a beginning of the mirrored one; a fork is another matter."""
    shown = site.log.checkpoint
    if before is None or before.log.checkpoint.size < shown.size:
        return False
    return before.log.tree.root_at(shown.size) == shown.root


def _forget_parts(target: Target, site: SiteState, before: SiteState) -> None:
    """Delete parts of the manifest that the grown one has no more; they are nobody's address."""
    now = {part.path for part in site.shards}
    for part in before.shards:
        if part.path not in now:
            target.objects.delete(target.key_of(part.path, "application/json"))
