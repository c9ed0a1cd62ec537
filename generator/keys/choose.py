"""Which issuer a site has: the demo's, or one with keys of its own.

A build asks here and gets the signer that issues; it never comes near an update key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator.keys.ceremony import check_location
from generator.keys.demo import demo_issuer
from generator.keys.folder import LOG_NAME, KeyFolder, PublicState
from generator.keys.issuer import Issuer, make_issuer
from generator.keys.signers import open_signer
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, brokers_of
from passport.did.webvh import DidLog, verify_did_log
from passport.errors import ConfigError, VerificationError
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Purpose

DEMO = "demo"
"""What stands in `keys = …` for the demo's."""


Brokers = tuple[BrokerAddress, ...]


def issuer_of(
    base_url: BaseUrl,
    keys: str,
    project: Path,
    environment: Mapping[str, str],
    now: datetime,
    *,
    brokers: Brokers,
) -> Issuer:
    """Return the issuer of a site; `keys` is what its settings say: `demo`, or a folder.

    `now` is the time by which the DID log is judged, `brokers` are the settings'. Raises
    `ConfigError` for demo keys at a real base_url, for keys that don't belong together and for a
    DID log that names other brokers, `HostError` when the private key that issues isn't at hand,
    `VerificationError` for a DID log that doesn't hold.
    """
    if keys == DEMO:
        return demo_issuer(base_url, brokers)
    folder = project / keys
    public = _told(folder, base_url, now, brokers)
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


def public_issuer_of(
    base_url: BaseUrl, keys: str, project: Path, now: datetime, *, brokers: Brokers
) -> Issuer:
    """Return the issuer of a site as others know it, who can sign nothing.

    `VerificationError` is what its signers raise. Other errors are those of `issuer_of`.
    """
    if keys == DEMO:
        issuer = demo_issuer(base_url, brokers)
        return replace(
            issuer,
            signer=_NoSigner(issuer.signer.public_key),
            checkpoint_signer=_NoSigner(issuer.checkpoint_signer.public_key),
        )
    public = _told(project / keys, base_url, now, brokers)
    key = public.register.active(Purpose.ISSUING)
    checkpoint = public.register.active(Purpose.CHECKPOINT)
    signers = (_NoSigner(key.public_key), _NoSigner(checkpoint.public_key))
    return make_issuer(base_url, public.log, key.key_id, *signers, now)


def _told(folder: Path, base_url: BaseUrl, now: datetime, brokers: Brokers) -> PublicState:
    """Read register and DID log, and hold the log to itself and to the settings."""
    public = KeyFolder(folder).read()
    try:
        log = verify_did_log(public.log, now=now)
    except VerificationError as error:
        raise VerificationError(
            f"{folder / LOG_NAME}: {error}", "put the file back from Git"
        ) from error
    check_told(log, base_url, brokers)
    return public


def check_told(log: DidLog, base_url: BaseUrl, brokers: Brokers) -> None:
    """Hold a DID log to the settings: its place and its brokers; `ConfigError` if they differ."""
    check_location(log, base_url)
    told = brokers_of(log.latest.state)
    if told != brokers:
        raise ConfigError(
            f"the DID log names {_listed(told)}, cellfolio.toml {_listed(brokers)}",
            "tell the change with `cellfolio keys brokers`, or put [[brokers]] back",
        )


def _listed(brokers: Brokers) -> str:
    if not brokers:
        return "no broker"
    told = (f"{broker.url} for {' and '.join(broker.groups)}" for broker in brokers)
    return f"the broker{'' if len(brokers) == 1 else 's'} {', '.join(told)}"
