"""How fast passports are issued and verified, against bare Ed25519.

Bare is PyNaCl signing or verifying 64 bytes, which is what a proof covers; all else is ours:
building the credential, canonical JSON, digests, base58, checks. The passports are the sample's
batteries, each issued as in a first build and verified as a stranger does, files left out.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from nacl.signing import SigningKey

from generator.build.issue import Issuing
from generator.build.plan import PassportPlan, battery_plan, make_plan
from generator.build.site import Site, prepare_site
from generator.content.check import checked_content
from generator.content.revision import Revision
from generator.keys.demo import demo_issuer
from passport.credential import verify_passport

SAMPLE = Path(__file__).parents[1]
TIME = datetime(2026, 11, 22, tzinfo=UTC)
SECONDS = 1.0
REPEATS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a second something was done; `bare` is the rate of its Ed25519 alone."""

    name: str
    per_second: float
    bare: float

    def __str__(self) -> str:
        times = self.bare / self.per_second
        return f"{self.name}: {self.per_second:.0f}/s, {times:.1f} times the time of bare Ed25519"


def measure(seconds: float = SECONDS) -> tuple[Rate, ...]:
    """Issue and verify the sample's batteries for `seconds` each, best of three."""
    site = sample_site()
    plans = battery_plans(site)
    issuing = Issuing(site.issuer, document_urls(site), TIME)
    passports = [issuing.issue(plan, None).content for plan in plans]
    resolve = site.issuer.resolve
    key, message = SigningKey(bytes(32)), bytes(64)
    signature = key.sign(message).signature
    return (
        Rate(
            "issue",
            rate(lambda plan: issuing.issue(plan, None), plans, seconds),
            rate(key.sign, [message], seconds),
        ),
        Rate(
            "verify",
            rate(lambda content: verify_passport(content, resolve), passports, seconds),
            rate(lambda text: key.verify_key.verify(text, signature), [message], seconds),
        ),
    )


def sample_site() -> Site:
    """Return the sample, planned as in a build of a given day."""
    content = checked_content(SAMPLE, date(2026, 11, 22))
    plan = make_plan(content, Revision("", TIME))
    return prepare_site(plan, demo_issuer(content.config.base_url), SAMPLE)


def battery_plans(site: Site) -> list[PassportPlan]:
    """Return what is issued: every battery of every model."""
    config = site.plan.config
    return [
        battery_plan(config, shard, battery)
        for shard in site.plan.shards
        for battery in shard.batteries
    ]


def document_urls(site: Site) -> dict[str, str]:
    """Return where documents lie, by digest."""
    base_url = site.plan.config.base_url
    return {digest: f"{base_url}{path}" for digest, path in site.assets.document_paths.items()}


def rate(work: Callable[[T], object], items: Sequence[T], seconds: float) -> float:
    """Return the best of three rates of doing the work on the items in turn."""
    return max(once(work, items, seconds) for _ in range(REPEATS))


def once(work: Callable[[T], object], items: Sequence[T], seconds: float) -> float:
    """Return how often a second the work was done; whole rounds only."""
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for item in items:
            work(item)
        done += len(items)
    return done / spent


def main() -> None:
    """Print the rates."""
    for found in measure():
        print(found)


if __name__ == "__main__":
    main()
