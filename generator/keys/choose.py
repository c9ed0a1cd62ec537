"""Which issuer a site has: the demo's, or one with keys of its own.

A build asks here and gets the signer that issues; it never comes near an update key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator.keys.ceremony import check_location
from generator.keys.demo import demo_issuer
from generator.keys.folder import KeyFolder
from generator.keys.issuer import Issuer, make_issuer
from generator.keys.signers import open_signer
from passport.base_url import BaseUrl
from passport.did_webvh import verify_log
from passport.ed25519 import PublicKey
from passport.errors import VerificationError
from passport.keys import Purpose

DEMO = "demo"
"""What stands in `keys = …` for the demo's."""


def issuer_of(
    base_url: BaseUrl, keys: str, project: Path, environment: Mapping[str, str], now: datetime
) -> Issuer:
    """Return the issuer of a site; `keys` is what its settings say: `demo`, or a folder.

    `now` is the time by which the DID log is judged. Raises `ConfigError` for demo keys at a real
    base_url and for keys that don't belong together, `HostError` when the private key that issues
    isn't at hand, `VerificationError` for a DID log that doesn't hold.
    """
    if keys == DEMO:
        return demo_issuer(base_url)
    folder = project / keys
    public = KeyFolder(folder).read()
    check_location(verify_log(public.log, now=now), base_url)
    key = public.register.active(Purpose.ISSUING)
    signer = open_signer(key, folder, environment)
    checkpoint = open_signer(public.register.active(Purpose.CHECKPOINT), folder, environment)
    return make_issuer(base_url, public.log, key.key_id, signer, checkpoint, now)


@dataclass(frozen=True, slots=True)
class _NoSigner:
    """Stands where a private key would: whoever asks it to sign is told that it can't."""

    public_key: PublicKey

    def sign(self, _message: bytes) -> bytes:
        raise VerificationError("something would have to be signed: a status list or the manifest")


def public_issuer_of(base_url: BaseUrl, keys: str, project: Path, now: datetime) -> Issuer:
    """Return the issuer of a site as others know it, who can sign nothing.

    `VerificationError` is what its signers raise. Other errors are those of `issuer_of`.
    """
    if keys == DEMO:
        issuer = demo_issuer(base_url)
        return replace(
            issuer,
            signer=_NoSigner(issuer.signer.public_key),
            checkpoint_signer=_NoSigner(issuer.checkpoint_signer.public_key),
        )
    public = KeyFolder(project / keys).read()
    check_location(verify_log(public.log, now=now), base_url)
    key = public.register.active(Purpose.ISSUING)
    checkpoint = public.register.active(Purpose.CHECKPOINT)
    signers = (_NoSigner(key.public_key), _NoSigner(checkpoint.public_key))
    return make_issuer(base_url, public.log, key.key_id, *signers, now)
