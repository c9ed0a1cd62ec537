"""The lease of a target: one small object by which two deploys never interleave (DESIGN 5).

`.cellfolio/deploy.json` says which site lies there, or which one is being put there, by whom. It
moves by compare-and-swap. A site whose deploy has begun can only be finished: who comes with the
same site takes the lease over, for all runs upload the same bytes; with another, is refused.

    {"v": 1, "site": sha256 of the manifest's index, "run": random, "finished": bool, "headers": …}

`headers` is the table by which the finished site was written, so that a change of it shows.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generator.publish.own_state import WAIT, read_own, swap_own
from generator.store.objects import Condition, Expected, Headers, ObjectStore
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import object_of, only, text_of
from passport.errors import PublishError, VerificationError

STATE_KEY = ".cellfolio/deploy.json"
_MEMBERS = frozenset({"v", "site", "run", "finished", "headers"})
_TAKEN = "another deploy writes to the target"

HeaderTable = Mapping[str, Headers]
"""Headers by kind, as `application/vc data`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployState:
    """What the object says; `run` names the run that wrote it."""

    site: str
    run: str
    finished: bool
    headers: HeaderTable

    def to_bytes(self) -> bytes:
        """Print it."""
        headers = {kind: dict(values) for kind, values in self.headers.items()}
        return canonical_json(
            {
                "v": 1,
                "site": self.site,
                "run": self.run,
                "finished": self.finished,
                "headers": headers,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundState:
    """A state and the tag of the object that holds it."""

    state: DeployState
    tag: str


def read_state(objects: ObjectStore) -> FoundState | None:
    """Return what a target says of itself, None where nothing was deployed yet."""
    found = read_own(objects, STATE_KEY, _parse)
    return None if found is None else FoundState(state=found[0], tag=found[1])


@dataclass(slots=True)
class Lease:
    """The right to write to a target, for one run."""

    objects: ObjectStore = field(repr=False)
    state: DeployState
    tag: str
    has_conditions: bool

    def check(self) -> None:
        """Raise `PublishError` if another run has taken it meanwhile."""
        found = read_state(self.objects)
        if found is None or found.state.run != self.state.run:
            raise PublishError(f"{_TAKEN} and took over", WAIT)

    def finish(self, headers: HeaderTable) -> None:
        """Say that the site is whole."""
        self.check()
        done = replace(self.state, finished=True, headers=headers)
        on: Condition = self.tag if self.has_conditions else Expected.ANYTHING
        self.tag = _write(self.objects, done, on)
        self.state = done


def take(
    objects: ObjectStore, site: str, found: FoundState | None, *, has_conditions: bool
) -> Lease:
    """Take the lease for a site; `PublishError` if another run has it or began another site."""
    if found is not None and not found.state.finished and found.state.site != site:
        raise PublishError(
            "a deploy of another site has begun on the target and is not finished",
            "finish it with that site: the same commit, previous site and keys build it again",
        )
    state = DeployState(
        site=site,
        run=secrets.token_hex(16),
        finished=False,
        headers=found.state.headers if found else {},
    )
    on: Condition = found.tag if found else Expected.NOTHING
    tag = _write(objects, state, on if has_conditions else Expected.ANYTHING)
    lease = Lease(objects, state, tag, has_conditions)
    lease.check()
    return lease


def _write(objects: ObjectStore, state: DeployState, on: Condition) -> str:
    tag = swap_own(objects, STATE_KEY, state, on, _parse)
    if not tag:
        raise PublishError(_TAKEN, WAIT)
    return tag


def _parse(members: JsonObject) -> DeployState:
    only(members, _MEMBERS)
    finished = members.get("finished")
    if members.get("v") != 1 or not isinstance(finished, bool):
        raise VerificationError("it has another form than ours", "see who writes to the target")
    return DeployState(
        site=text_of(members, "site"),
        run=text_of(members, "run"),
        finished=finished,
        headers={kind: _headers(members, kind) for kind in object_of(members, "headers")},
    )


def _headers(members: JsonObject, kind: str) -> Headers:
    values = object_of(object_of(members, "headers"), kind)
    return {name: text_of(values, name) for name in values}
