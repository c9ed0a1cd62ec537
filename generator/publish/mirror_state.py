"""What a mirror says of itself: `.cellfolio/mirror.json`, which moves by compare-and-swap.

    {"v": 1, "site": sha256 of the manifest's index, "whole": …, "run": random, "phase": …,
     "checkpoint": note}

`fetching`: what was mirrored before is whole, and what is to come is being laid beside it.
`placing`: all of it lies there, and is being put in place; from here on the mirror can be finished
without its source. `done`. `whole` names the state that was last mirrored to its end, if any was.
The checkpoint is the newest that was ever seen, so that an older or forked site never replaces a
newer one, even if a run in between was interrupted.
"""

import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum

from generator.publish.lease import read_state
from generator.publish.own_state import WAIT, read_own, swap_own
from generator.store.objects import Condition, Expected, ObjectStore
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import only, text_of
from passport.errors import PublishError, VerificationError

MIRROR_KEY = ".cellfolio/mirror.json"
_MEMBERS = frozenset({"v", "site", "whole", "run", "phase", "checkpoint"})
_TAKEN = "another run writes to the mirror"


class Phase(StrEnum):
    """How far a run came."""

    FETCHING = "fetching"
    PLACING = "placing"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorState:
    """What the object says."""

    site: str
    whole: str
    run: str
    phase: Phase
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """Print it."""
        return canonical_json(
            {
                "v": 1,
                "site": self.site,
                **({"whole": self.whole} if self.whole else {}),
                "run": self.run,
                "phase": self.phase,
                "checkpoint": self.checkpoint.decode(),
            }
        )


@dataclass(slots=True)
class MirrorLease:
    """The right to write to a mirror, for one run; `tag` is that of the object which says so."""

    objects: ObjectStore = field(repr=False)
    state: MirrorState
    tag: str

    def check(self) -> None:
        """Raise `PublishError` if another run has taken it meanwhile."""
        found = read_mirror(self.objects)
        if found is None or found.state.run != self.state.run:
            raise PublishError(f"{_TAKEN} and took over", WAIT)

    def enter(self, phase: Phase) -> None:
        """Say that the next phase begins."""
        self.check()
        whole = self.state.site if phase is Phase.DONE else self.state.whole
        self._write(replace(self.state, phase=phase, whole=whole))

    def take(self, site: str, checkpoint: bytes, phase: Phase) -> None:
        """Begin a run that fetches a state of the site, or goes on with placing one."""
        run = secrets.token_hex(16)
        taken = replace(self.state, site=site, run=run, phase=phase, checkpoint=checkpoint)
        self._write(taken)
        self.check()

    def _write(self, state: MirrorState) -> None:
        on: Condition = self.tag or Expected.NOTHING
        self.tag = swap_own(self.objects, MIRROR_KEY, state, on, _parse)
        if not self.tag:
            raise PublishError(_TAKEN, WAIT)
        self.state = state


def read_mirror(objects: ObjectStore) -> MirrorLease | None:
    """Return what a mirror says of itself, None where nothing was mirrored yet."""
    found = read_own(objects, MIRROR_KEY, _parse)
    return None if found is None else MirrorLease(objects, *found)


def require_whole(objects: ObjectStore) -> None:
    """Raise `PublishError` where a deploy or a mirror's run hasn't ended or was interrupted.

    A mirror that is only being fetched is whole: what it showed before is as it was.
    """
    found = read_state(objects)
    if found is not None and not found.state.finished:
        raise PublishError(
            "the site on the target is half deployed",
            "if no deploy is running, run `cellfolio deploy` with that site: it finishes it",
        )
    lease = read_mirror(objects)
    if lease is not None and lease.state.phase is Phase.PLACING:
        raise PublishError(
            "a newer state is being put in place in the mirror",
            "if no run is at it, run the same `cellfolio mirror` again: it finishes that first",
        )


def new_mirror(objects: ObjectStore) -> MirrorLease:
    """Return the lease of a place where nothing was mirrored yet."""
    state = MirrorState(site="", whole="", run="", phase=Phase.DONE, checkpoint=b"")
    return MirrorLease(objects, state, "")


def _parse(members: JsonObject) -> MirrorState:
    only(members, _MEMBERS)
    phase = text_of(members, "phase")
    if members.get("v") != 1 or phase not in tuple(Phase):
        raise VerificationError("it has another form than ours", "see who writes to the mirror")
    return MirrorState(
        site=text_of(members, "site"),
        whole=text_of(members, "whole") if "whole" in members else "",
        run=text_of(members, "run"),
        phase=Phase(phase),
        checkpoint=text_of(members, "checkpoint").encode(),
    )
