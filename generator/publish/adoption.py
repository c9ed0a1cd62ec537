"""What a successor gets set up: the files to serve, and a broker with the escrowed group keys.

DESIGN 6, Art. 78(e). Layout of the folder that is written:

    site/                    the mirror, verified once more; what a web server serves
    passports.conf           for nginx: types, headers, 404
    broker/broker.toml       settings of a token broker; bundle.json; keys/, readable by its owner
    private/bundle-1.key     signs bundles; the broker needs only its public half

Called again it brings the files up to date and signs a bundle with the next number; keys and
settings that are there stay. The issuer's keys are nowhere in it: a broker signs no passport.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from generator.build.access_policy import POLICY_PATH
from generator.keys.seeds import seed_from_file, seed_path, write_seed
from generator.publish.mirror_source import SiteState
from generator.store.durable import replace_file
from passport.access.bundle import Bundle, bundle_digest, parse_bundle, sign_bundle, verify_bundle
from passport.access.policy import parse_policy
from passport.base_url import BaseUrl
from passport.encoding.base64url import base64url
from passport.encoding.strict_json import parse_object
from passport.errors import ConfigError, VerificationError, failing
from passport.log.entry import EntryType, LogEntry
from passport.sealing.escrow import EscrowedKey
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import SeedSigner

BUNDLE_KEY = "bundle-1"
_BROKER_KEYS = ("broker-token", "broker-audit")
_SETTINGS = """\
# Written by `cellfolio adopt`. Docs: docs/operate.md.
url = "{url}"
bundle = "bundle.json"
bundle_key = "{bundle_key}"
keys = "keys"
database = "broker.sqlite3"
anchor = "audit-checkpoint"
# A log of its own: the one before, of the same address, went with its broker.
audit_origin = "{authority}/audit/{day}"
origins = ["{site}"]
public = "127.0.0.1:8460"
admin = "127.0.0.1:8461"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPlan:
    """The broker to set up: its address, the keys that it gets, whom its bundle entitles."""

    url: BaseUrl
    keys: tuple[EscrowedKey, ...]
    bundle: Bundle
    """As found; number and time are given when it is signed."""


def inherited_bundle(content: bytes, state: SiteState, pinned: PublicKey | None) -> Bundle:
    """Return the operator's last bundle, expired or not.

    The site's log must hold its digest, or the key that brokers pinned must have signed it.
    """
    found = parse_bundle(content)
    if pinned is not None:
        return verify_bundle(content, pinned, found.valid_from)
    entry = LogEntry(EntryType.BUNDLE, bundle_digest(content)).to_bytes()
    with failing("bundle"):
        if entry not in state.log.tree.entries():
            raise VerificationError(
                "the site's log does not hold this bundle",
                "give the last one that was logged, or the key that brokers pinned: --bundle-key",
            )
    return found


def bundle_without_clients(state: SiteState, now: datetime) -> Bundle:
    """Return the published policy as a bundle that names nobody; `ConfigError` without a policy."""
    content = state.source.get(POLICY_PATH)
    if content is None:
        raise ConfigError(
            "the site publishes no access policy", "give the operator's last bundle: --bundle FILE"
        )
    return Bundle(
        seq=1,
        valid_from=now,
        valid_until=now + timedelta(days=1),
        policy=parse_policy(parse_object(content)),
        clients=(),
        issuers=(),
    )


def write_broker(folder: Path, plan: BrokerPlan, site: BaseUrl, now: datetime, days: int) -> Bundle:
    """Write settings, keys and a signed bundle; returns the bundle as it was signed.

    A key or setting that is there stays; `HostError` when the disk fails or others may read a key.
    """
    broker = folder / "broker"
    keys = broker / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in plan.keys:
        _write_secret(keys / f"group-{each.key_id.group}-{each.key_id.epoch}.key", each.secret)
    for name in _BROKER_KEYS:
        _write_secret(keys / f"{name}.key", secrets.token_bytes(32))
    signer = _bundle_signer(folder)
    number = max(plan.bundle.seq, _last_number(broker)) + 1
    until = now + timedelta(days=days)
    bundle = replace(plan.bundle, seq=number, valid_from=now, valid_until=until)
    replace_file(broker / "bundle.json", sign_bundle(bundle, signer))
    if not (broker / "broker.toml").exists():
        text = _SETTINGS.format(
            url=plan.url,
            bundle_key=signer.public_key.multikey,
            authority=plan.url.authority,
            day=now.date().isoformat(),
            site=site,
        )
        replace_file(broker / "broker.toml", text.encode())
    return bundle


def write_text(path: Path, text: str) -> None:
    """Put a public file in place, whole or not at all."""
    replace_file(path, text.encode())


def _bundle_signer(folder: Path) -> SeedSigner:
    if not seed_path(folder, BUNDLE_KEY).exists():
        write_seed(folder, BUNDLE_KEY, secrets.token_bytes(32))
    return SeedSigner(seed_from_file(folder, BUNDLE_KEY))


def _last_number(broker: Path) -> int:
    """The number of the bundle that lies there; a broker refuses one that doesn't rise."""
    path = broker / "bundle.json"
    return parse_bundle(path.read_bytes()).seq if path.exists() else 0


def _write_secret(path: Path, secret: bytes) -> None:
    """Write a key for its owner's eyes, unless it lies there; another one there is an error."""
    text = f"{base64url(secret)}\n".encode()
    if path.exists():
        if path.name.startswith("group-") and path.read_bytes() != text:
            raise ConfigError(f"{path} is another key", "move it away, and see which is the right")
        return
    replace_file(path, text, mode=0o600)
