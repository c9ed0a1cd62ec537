"""What others need of an issuer's keys: its DIDs, each public key, and a verifier key of the log.

Spec: C2SP signed-note, "Verifier keys". Brokers and log monitors pin what is printed here; nothing
of it is secret. Whether the keys are still good is what the DID log says.
"""

import base64
import hashlib
from dataclasses import dataclass

from generator.keys.folder import PublicState
from generator.keys.register import Key
from passport.base_url import BaseUrl
from passport.did_webvh import DidLog
from passport.ed25519 import PublicKey
from passport.keys import Purpose

_ED25519 = b"\x01"
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
    origin = log_origin(did.location.base_url)
    keys = public.register.keys
    return PublicKeys(
        did=str(did.location),
        webvh=str(did),
        keys=keys,
        vkeys=tuple(
            vkey(origin, key.public_key) for key in keys if key.key_id.purpose is Purpose.CHECKPOINT
        ),
    )


def log_origin(base_url: BaseUrl, generation: int = _FIRST_GENERATION) -> str:
    """Return the name that a site's transparency log has in its checkpoints (DESIGN 5)."""
    return f"{base_url.authority}/log/{generation}"


def vkey(name: str, key: PublicKey) -> str:
    """Return a verifier key: name, key hash and key, joined by plus signs."""
    digest = hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.raw).hexdigest()[:8]
    return f"{name}+{digest}+{base64.b64encode(_ED25519 + key.raw).decode()}"
