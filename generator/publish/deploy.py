"""A deploy: a verified site is put into a target, stage by stage, and can only be finished.

Each write expects what was seen to lie there, so another writer shows. No URL is ever deleted, and
going back to earlier content is a new build of it. A store that ignores conditions is looked at
before each write instead, which two runs at once can outwit: the report says so. This module knows
targets and shipments, not content.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from itertools import groupby, islice
from threading import Event

from generator.publish.deploy_plan import DeployPlan, Upload, header_table
from generator.publish.lease import FoundState, take
from generator.publish.shipment import Shipment, Stage
from generator.publish.target import Target
from generator.store.objects import Condition, Expected, Stored, keeps_conditions
from passport.errors import PublishError

WORKERS = 32
"""Requests at once: more gain nothing on one machine, and stores throttle who asks too much."""
_BATCH = 4096
"""Uploads between two looks at the lease."""
_AGAIN = "run the same command again: it goes on where it stopped"

AfterUpload = Callable[[Upload], None]
"""Called after each file, from any thread, in no order within a stage."""


class Outcome(Enum):
    """What became of one upload."""

    WRITTEN = auto()
    ALREADY_THERE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployReport:
    """What a run did."""

    written: int
    already_there: int
    """Files that an interrupted run had written."""
    has_conditions: bool
    """Whether the store keeps the conditions of writes."""
    replaced: tuple[str, ...]
    """URL paths whose bytes changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ship:
    """One run."""

    shipment: Shipment
    target: Target
    plan: DeployPlan
    repair: bool
    has_conditions: bool
    stop: Event = field(default_factory=Event)

    def upload(self, upload: Upload) -> Outcome:
        """Write one file, unless it lies there; `PublishError` for what nobody should have put."""
        if self.stop.is_set():
            raise PublishError("the deploy was stopped", _AGAIN)
        content = self.shipment.read(upload.file)
        may_lie_there = self.plan.resumes or not self.has_conditions
        if upload.replaces == "" and not may_lie_there and self._put(upload, content, None):
            return Outcome.WRITTEN
        found = self.target.objects.head(upload.key)
        if found is not None and self._is_same(found, upload):
            return Outcome.ALREADY_THERE
        if found is not None:
            self._check_replaceable(found, upload)
        if self._put(upload, content, found):
            return Outcome.WRITTEN
        # Its own earlier attempt, whose answer was lost, or somebody else's bytes; or nothing: some
        # stores take a key above others for an object, and refuse to write "only if nothing is".
        found = self.target.objects.head(upload.key)
        if found is None:
            self._put(upload, content, found, on=Expected.ANYTHING)
        elif not self._is_same(found, upload):
            raise PublishError(f"{upload.key} was changed by someone else meanwhile", _AGAIN)
        return Outcome.WRITTEN

    def _put(
        self,
        upload: Upload,
        content: bytes,
        found: Stored | None,
        *,
        on: Condition = Expected.NOTHING,
    ) -> bool:
        if found is not None:
            on = found.tag or Expected.ANYTHING
        if not self.has_conditions:
            on = Expected.ANYTHING
        file = upload.file
        return bool(self.target.objects.put(upload.key, content, file.sha256, file.headers, on))

    def _is_same(self, found: Stored, upload: Upload) -> bool:
        same_headers = found.headers is None or upload.file.headers.items() <= found.headers.items()
        return same_headers and self._digest(found, upload) == upload.file.sha256

    def _digest(self, found: Stored, upload: Upload) -> str:
        """The digest of an object; one that another program wrote has to be read."""
        return found.digest or sha256(self.target.objects.get(upload.key) or b"").hexdigest()

    def _check_replaceable(self, found: Stored, upload: Upload) -> None:
        digest = self._digest(found, upload)
        if self.repair or digest in (upload.file.sha256, upload.replaces):
            return
        if upload.replaces is None and upload.file.stage >= Stage.SHARDS:
            return  # what was there before can't be known any more, and only this run may finish it
        raise PublishError(
            f"{upload.key} holds what neither this site nor the published one has",
            "see who else writes to the target; --repair puts the site's own bytes back",
        )


def deploy(
    shipment: Shipment,
    target: Target,
    plan: DeployPlan,
    found: FoundState | None,
    *,
    repair: bool = False,
    after_upload: AfterUpload = lambda _upload: None,
) -> DeployReport:
    """Carry a plan out; raises `HostError` for a store in trouble, `PublishError` for company.

    Whatever ends it, the same call goes on where it stopped.
    """
    has_conditions = keeps_conditions(target.objects)
    lease = take(target.objects, shipment.id, found, has_conditions=has_conditions)
    ship = _Ship(
        shipment=shipment, target=target, plan=plan, repair=repair, has_conditions=has_conditions
    )
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(WORKERS) as workers:
        for uploads in _batches(plan.uploads):
            lease.check()
            for upload, outcome in _upload_all(ship, workers, uploads):
                outcomes.append(outcome)
                after_upload(upload)
    lease.finish(header_table())
    return DeployReport(
        written=outcomes.count(Outcome.WRITTEN),
        already_there=outcomes.count(Outcome.ALREADY_THERE),
        has_conditions=has_conditions,
        replaced=tuple(upload.file.path for upload in plan.uploads if upload.replaces != ""),
    )


def _batches(uploads: Sequence[Upload]) -> Iterator[tuple[Upload, ...]]:
    """Cut uploads where a stage ends, and where a batch is large enough.

    A key above others, like a model's above its batteries', comes before them: stores that keep
    keys as folders may lose one that is written while the folder of the same name is made.
    """
    keys = {upload.key for upload in uploads}

    def turn(upload: Upload) -> tuple[Stage, int]:
        parts = upload.key.split("/")
        above = sum("/".join(parts[:n]) in keys for n in range(1, len(parts)))
        return upload.file.stage, above

    for _, together in groupby(sorted(uploads, key=turn), key=turn):
        while batch := tuple(islice(together, _BATCH)):
            yield batch


def _upload_all(
    ship: _Ship, workers: ThreadPoolExecutor, uploads: tuple[Upload, ...]
) -> Iterator[tuple[Upload, Outcome]]:
    """Upload a batch; the first failure stops what has not begun."""
    try:
        yield from zip(uploads, workers.map(ship.upload, uploads), strict=True)
    except BaseException:
        ship.stop.set()
        raise


def strangers(target: Target, shipment: Shipment) -> tuple[str, ...]:
    """Keys of a target that no URL of a site can have: nobody published them.

    What might ever have answered is none of them, though no manifest lists it now.
    """
    ours = {target.key_of(file.path, file.media_type) for file in shipment.files}
    folders = {key.partition("/")[0] for key in ours if "/" in key}
    return tuple(
        key
        for key in target.objects.every_key()
        if key not in ours and key.partition("/")[0] not in {*folders, ".cellfolio"}
    )
