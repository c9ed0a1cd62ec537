"""Signing: issuing and verifying passports, against Ed25519 over the 64 bytes that a proof covers.

What lies between is ours: the credential, canonical JSON, digests, base58, checks. The passports
are the sample's batteries over and over, issued as in a first build and verified as a stranger
does; no file is read or written.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from nacl.signing import SigningKey

from benchmarks.measure import Measure
from generator.build.plan import PassportPlan, battery_plan, make_plan
from generator.build.previous import NO_SITE
from generator.build.sealing import Restricted
from generator.build.site import Site, prepare_site
from generator.content.check import checked_content
from generator.content.revision import Revision
from generator.keys.demo import demo_issuer
from generator.keys.group_sources import demo_group_keys
from passport.credential import Edition, verify_passport

PROJECT = Path(__file__).parent.parent
PASSPORTS = 300
_TIME = datetime(2026, 11, 22, tzinfo=UTC)
_SIGNED = bytes(64)
_FIRST = Edition(version=1, previous="", generation=1, index=0)


def measures(_folder: Path) -> Iterator[Measure]:
    """Yield the measures; they need no folder."""
    site = _sample()
    issuing = site.issuing
    plans = list(islice(cycle(_batteries(site)), PASSPORTS))
    passports = [issuing.issue(plan, _FIRST, ()).content for plan in plans]
    resolve = site.issuer.resolve
    key = SigningKey(bytes(32))
    signature = key.sign(_SIGNED).signature
    yield Measure(
        name="issue passports",
        rows=PASSPORTS,
        run=lambda: [issuing.issue(plan, _FIRST, ()) for plan in plans],
        floor_name="PyNaCl sign",
        floor=lambda: [key.sign(_SIGNED) for _ in plans],
    )
    yield Measure(
        name="verify passports",
        rows=PASSPORTS,
        run=lambda: [verify_passport(content, resolve) for content in passports],
        floor_name="PyNaCl verify",
        floor=lambda: [key.verify_key.verify(_SIGNED, signature) for _ in passports],
    )


def _sample() -> Site:
    content = checked_content(PROJECT, _TIME.date())
    plan = make_plan(content, Revision("", _TIME))
    restricted = Restricted.of(content, content.lives(_TIME.date()))
    issuer = demo_issuer(content.config.base_url, content.config.brokers)
    return prepare_site(plan, issuer, demo_group_keys(), restricted, NO_SITE, PROJECT)


def _batteries(site: Site) -> Iterator[PassportPlan]:
    config = site.plan.config
    for shard in site.plan.shards:
        for battery in shard.batteries:
            yield battery_plan(config, shard, battery)
