"""What others need of an issuer's keys: its DIDs, each public key, and a verifier key of the log.

Spec: C2SP signed-note, "Verifier keys". Brokers and log monitors pin what is printed here; nothing
of it is secret. Whether the keys are still good is what the DID log says.
"""

from dataclasses import dataclass

from generator.keys.folder import PublicState
from generator.keys.register import Key
from passport.did.webvh import DidLog
from passport.log.checkpoint import LogKey, log_origin
from passport.signing.keys import Purpose

_FIRST_GENERATION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """An issuer as others see it."""

    did: str
    webvh: str
    keys: tuple[Key, ...]
    vkeys: tuple[str, ...]
    """The verifier keys of the keys for checkpoints, in their order."""


def public_keys(public: PublicState, log: DidLog) -> PublicKeys:
    """Return what to hand out; `log` is that of `public`, verified."""
    did = log.latest.did
    origin = log_origin(did.location.base_url, _FIRST_GENERATION)
    keys = public.register.keys
    return PublicKeys(
        did=str(did.location),
        webvh=str(did),
        keys=keys,
        vkeys=tuple(
            str(LogKey(origin, key.public_key))
            for key in keys
            if key.key_id.purpose is Purpose.CHECKPOINT
        ),
    )
