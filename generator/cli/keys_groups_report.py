"""What `cellfolio keys groups` tells: what a step changed, what it costs, what a person does next.

Nothing here touches a key: it sees the register, and looks whether a file or variable is there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.cli.key_ring import KeyRing, is_held, place_of
from generator.content.config import CONFIG_NAME
from generator.keys.choose import DEMO
from generator.keys.escrow_record import Escrow
from generator.keys.groups import GROUPS_NAME, Epoch, EpochState, GroupRegister, SaltKey
from generator.keys.register import Source
from generator.keys.seeds import seed_path, variable_of
from generator.read.sealed_epochs import SealedWith
from passport.encoding.timestamp import time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One step: the register before (None when there was none) and after it.

    `sealed` is what the site has of the epoch in question, `escrows` who else has its key.
    """

    ring: KeyRing
    before: GroupRegister | None
    after: GroupRegister
    dry_run: bool
    files: tuple[Path, ...] = ()
    sealed: SealedWith | None = None
    escrows: tuple[Escrow, ...] = ()

    @property
    def salts(self) -> tuple[SaltKey, ...]:
        """The salt keys that are new."""
        return self.after.salts[len(self.before.salts) if self.before else 0 :]

    @property
    def epochs(self) -> tuple[tuple[Epoch | None, Epoch], ...]:
        """The epochs that changed or are new, as they were and as they are."""
        old = {epoch.key_id: epoch for epoch in self.before.epochs} if self.before else {}
        pairs = ((old.get(epoch.key_id), epoch) for epoch in self.after.epochs)
        return tuple(pair for pair in pairs if pair[0] != pair[1])


def as_json(told: Told) -> str:
    """Return a step as one JSON object."""
    sealed = told.sealed
    return json.dumps(
        {
            "dry_run": told.dry_run,
            "salts": [salt_members(told.ring, salt) for salt in told.salts],
            "epochs": [epoch_members(told.ring, epoch) for _, epoch in told.epochs],
            "sealed_files": sealed.total if sealed else None,
            "still_counting": len(sealed.counting) if sealed else None,
        },
        ensure_ascii=False,
    )


def as_text(told: Told) -> Iterator[str]:
    """Yield a step as lines: what changed, what is lost, and what a person does next."""
    yield f"group keys of {told.ring.config.base_url}, in {told.ring.path}"
    for salt in told.salts:
        yield f"  {salt.name}: new, {place_of(told.ring, salt)}"
    for before, epoch in told.epochs:
        yield f"  {_changed(told.ring, before, epoch)}"
    for before, epoch in told.epochs:
        yield from _cost(told, before, epoch)
    if told.dry_run:
        yield "dry run: nothing was written"
        return
    yield from _kept(told)
    for before, epoch in told.epochs:
        yield from _next(told, before, epoch)
    yield f"commit {told.ring.path / GROUPS_NAME}"
    if told.before is None and told.ring.config.keys == DEMO:
        yield f'write keys = "{told.ring.path.name}" in {CONFIG_NAME}: it still says demo'


def line_of(ring: KeyRing, key: Epoch | SaltKey) -> str:
    """Return one key as `list` prints it."""
    missing = " (not at hand)" if is_held(ring, key) is False and _is_needed(key) else ""
    name, state = (key.name, "") if isinstance(key, SaltKey) else (str(key.key_id), key.state)
    if isinstance(key, Epoch) and key.destroyed:
        return f"{name:30} {state:11} destroyed"
    return f"{name:30} {state:11} {place_of(ring, key)}{missing}"


def salt_members(ring: KeyRing, salt: SaltKey) -> Mapping[str, object]:
    """Return a salt key as JSON."""
    return {
        "id": salt.name,
        "check": salt.check,
        "source": salt.source,
        "place": place_of(ring, salt),
        "at_hand": is_held(ring, salt),
        "made": time_text(salt.made.time),
        "by": salt.made.by,
    }


def epoch_members(ring: KeyRing, epoch: Epoch) -> Mapping[str, object]:
    """Return an epoch as JSON."""
    return {
        "id": str(epoch.key_id),
        "group": epoch.key_id.group,
        "state": epoch.state,
        "source": epoch.source,
        "place": place_of(ring, epoch),
        "at_hand": is_held(ring, epoch),
        "history": [
            {"state": state, "time": time_text(act.time), "by": act.by, "reason": act.reason}
            for state, act in epoch.history
        ],
        "destroyed": time_text(epoch.destroyed.time) if epoch.destroyed else None,
    }


def _changed(ring: KeyRing, before: Epoch | None, epoch: Epoch) -> str:
    if before is None:
        return f"{epoch.key_id}: new, {epoch.state}, {place_of(ring, epoch)}"
    if epoch.destroyed:
        return f"{epoch.label}: {epoch.state}, its key is destroyed"
    return f"{epoch.label}: {before.state}, now {epoch.state}"


def _cost(told: Told, before: Epoch | None, epoch: Epoch) -> Iterator[str]:
    if before is None:
        return
    sealed = told.sealed
    if epoch.destroyed and sealed:
        yield f"lost to everybody: {len(sealed.older)} sealed files of older versions"
    elif epoch.state is EpochState.COMPROMISED:
        files = f"all {sealed.total} files on the site" if sealed else "every file"
        yield f"lost: {files} sealed with {epoch.label} must count as read by others, copies too"
        yield "  sealing them anew protects what comes after, not what was published"


def _kept(told: Told) -> Iterator[str]:
    if told.files:
        yield "back up, in two places and encrypted; nothing can make them again:"
        yield from (f"  {path}" for path in told.files)
    if told.salts and told.before:
        yield "the next build seals everything anew, once"


def _next(told: Told, before: Epoch | None, epoch: Epoch) -> Iterator[str]:
    group = epoch.key_id.group
    if before is None:
        brokers = [b.url for b in told.ring.config.brokers if group in b.groups]
        to = f"the broker {' and '.join(map(str, brokers))}" if brokers else "a broker"
        yield f"give {epoch.label} to {to}, and escrow it with `cellfolio keys escrow`"
        if epoch.source is Source.AWS_KMS:
            path = seed_path(told.ring.path, epoch.name)
            yield f"  {path} is what AWS KMS holds: once it is escrowed, take it off this machine"
    elif epoch.destroyed:
        yield from _every_copy(told, epoch)
    elif epoch.state is EpochState.ROTATED:
        yield f"take the key of {epoch.label} off this machine; brokers and escrow keep it"
    else:
        yield "build with the private root and the group keys, and publish: nothing that counts"
        yield f"  is sealed with {epoch.label} then, and `cellfolio keys groups destroy` may follow"


def _every_copy(told: Told, epoch: Epoch) -> Iterator[str]:
    yield f"destroy every other copy of {epoch.label}: backups, and what its brokers hold"
    if epoch.source is Source.AWS_KMS:
        yield f"  in AWS KMS, schedule the deletion of {epoch.arn}"
    if epoch.source is Source.ENVIRONMENT:
        yield f"  {variable_of(epoch.name)} in the environment"
    for escrow in told.escrows:
        yield f"  the escrow file {escrow.digest} of {escrow.client or escrow.trustee}"


def _is_needed(key: Epoch | SaltKey) -> bool:
    """Whether a build needs it."""
    return isinstance(key, SaltKey) or key.state is EpochState.CURRENT
