"""What `cellfolio keys` tells: what a step changed, what a person does next, which keys there are.

Nothing here touches a key: it sees the register, and looks whether a file or variable is there.
"""

import json
from collections.abc import Iterator, Mapping

from generator.cli.key_ring import KeyRing, is_held, place_of
from generator.content.config import CONFIG_NAME
from generator.keys.ceremony import Change
from generator.keys.choose import DEMO
from generator.keys.folder import LOG_NAME, PublicState
from generator.keys.public import PublicKeys
from generator.keys.register import REGISTER_NAME, Key, State
from generator.keys.seeds import seed_path
from passport.encoding.timestamp import time_text
from passport.signing.keys import Purpose


def report(ring: KeyRing, before: PublicState | None, change: Change) -> Iterator[str]:
    """Yield what a step changed, a line each; `before` is None when keys were begun."""
    yield f"issuer: {ring.config.base_url}, keys in {ring.path}"
    old = {key.key_id: key.state for key in before.register.keys} if before else {}
    for key in change.public.register.keys:
        if key.key_id not in old:
            yield f"  {key.key_id}: new, {key.state}, {place_of(ring, key)}"
        elif key.state is not old[key.key_id]:
            yield f"  {key.key_id}: {old[key.key_id]}, now {key.state}"
    if before is None or change.public.log != before.log:
        yield f"  {LOG_NAME}: entry {len(change.public.log.splitlines())}"


def advice(ring: KeyRing, before: PublicState | None, change: Change) -> Iterator[str]:
    """Yield what a person must do after a step."""
    register = change.public.register
    spent = register.active(Purpose.UPDATE).key_id
    kept = [seed_path(ring.path, key_id) for key_id in change.seeds if key_id != spent]
    if kept:
        yield "back up, in two places and encrypted; nothing can make them again:"
        yield from (f"  {path}" for path in kept)
    following = register.next_update.key_id
    if following in change.seeds:
        yield f"take {following} offline, off this machine: {seed_path(ring.path, following)}"
        yield "  it signs the next change of keys; a build never needs it"
        yield f"destroy every copy of {spent}: it has signed the one entry that it may sign"
    yield f"commit {ring.path / REGISTER_NAME} and {ring.path / LOG_NAME}, then build and publish"
    if before is None and ring.config.keys == DEMO:
        yield f'write keys = "{ring.path.name}" in {CONFIG_NAME}: it still says demo'
    if before is None and not ring.config.base_url.is_real:
        yield f"{ring.config.base_url} is for trying out: make keys anew for the real name"


def line_of(ring: KeyRing, key: Key) -> str:
    """Return one key as `list` prints it."""
    missing = is_held(ring, key) is False and key.state in (State.ACTIVE, State.NEXT)
    where = f"{place_of(ring, key)}{' (not at hand)' if missing else ''}"
    return f"{key.key_id!s:14} {key.state:8} {key.public_key.multikey}  {where}"


def as_members(ring: KeyRing, key: Key) -> Mapping[str, object]:
    """Return one key as `list --json` prints it."""
    revocation = key.revocation
    return {
        "id": str(key.key_id),
        "purpose": key.key_id.purpose,
        "state": key.state,
        "public": key.public_key.multikey,
        "source": key.source,
        "place": place_of(ring, key),
        "at_hand": is_held(ring, key),
        "created": time_text(key.created),
        "revoked": time_text(revocation.time) if revocation else None,
        "log_size": revocation.log_size if revocation else None,
    }


def export_json(exported: PublicKeys) -> str:
    """Return an issuer's public side as one JSON object."""
    keys = [
        {"id": str(key.key_id), "state": key.state, "public": key.public_key.multikey}
        for key in exported.keys
    ]
    return json.dumps(
        {"did": exported.did, "webvh": exported.webvh, "vkeys": exported.vkeys, "keys": keys}
    )


def export_text(exported: PublicKeys) -> str:
    """Return an issuer's public side as lines: DIDs, verifier keys, keys."""
    keys = (f"{key.key_id} {key.state} {key.public_key.multikey}" for key in exported.keys)
    return "\n".join((exported.did, exported.webvh, *exported.vkeys, *keys))
