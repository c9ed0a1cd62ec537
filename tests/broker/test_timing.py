"""A18: why something is refused can't be told from how long it takes.

20,000 refusals each: one for a passport that was withdrawn, and of the same passport one for a key
that isn't held, one for which no row is, one that was denied. Asked in random turns, so that a busy
machine is busy for all; the rank-sum test must see no difference at p < 0.01.
"""

import asyncio
import math
import random
import time
from itertools import combinations
from pathlib import Path
from statistics import NormalDist

import pytest

from broker.denials import DenialKind
from broker.problems import RequestError
from passport.access.refusal import KeyRefusal
from passport.access.rule import Purpose
from passport.identifiers import DppId
from passport.registry import Group
from passport.sealing.group_key import GroupKey, SecretMac
from tests.access import policy
from tests.broker_running import body_for
from tests.broker_world import OTHER_BATTERY, World, bundle, header, world

SAMPLES = 20_000
_UNKNOWN, _WITHDRAWN = (
    GroupKey.of(Group.INTEREST_BATTERY, f"203{n}a", SecretMac(bytes([n]) * 32)).key_id
    for n in (1, 2)
)


async def _seconds(broker: World, body: bytes) -> float:
    started = time.perf_counter()
    try:
        await broker.body(body)
    except RequestError:
        return time.perf_counter() - started
    raise AssertionError("something was released")


def _rank_sum_p(one: list[float], other: list[float]) -> float:
    """Return the two-sided p of Wilcoxon's rank-sum test (normal approximation)."""
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if not which)
    n, m = len(one), len(other)
    z = (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return 2 * (1 - NormalDist().cdf(abs(z)))


def _measured(folder: Path, samples: int) -> dict[str, list[float]]:
    made = bundle()
    refusing = policy(*made.policy.rules, refusals=(KeyRefusal(_WITHDRAWN),))
    asked = {
        "withdrawn": body_for(header(key=_WITHDRAWN)),
        "unknown": body_for(header(key=_UNKNOWN)),
        "no rule": body_for(header(), purpose=Purpose.RECYCLING),
        "denied": body_for(header(passport=DppId.parse("01_09506000134352_21_T48L2611-0003"))),
    }
    with world(folder, bundle(policy=refusing)) as broker:
        broker.deny(DenialKind.PASSPORT, "01_09506000134352_21_T48L2611-0003")
        broker.deny(DenialKind.PASSPORT, str(OTHER_BATTERY))

        async def measure() -> dict[str, list[float]]:
            found: dict[str, list[float]] = {why: [] for why in asked}
            chance = random.Random(18)
            for _ in range(samples):
                for why in chance.sample(sorted(asked), len(asked)):
                    found[why].append(await _seconds(broker, asked[why]))
            return found

        return asyncio.run(measure())


def test_the_test_sees_a_difference_where_there_is_one() -> None:
    one = [float(n % 100) for n in range(2000)]
    assert _rank_sum_p(one, [each + 5 for each in one]) < 0.01
    assert _rank_sum_p(one, [each + 0.001 for each in one]) > 0.01


@pytest.mark.soak
def test_a18_refusals_take_the_same_time(tmp_path: Path) -> None:
    found = _measured(tmp_path, SAMPLES)
    for one, other in combinations(found, 2):
        medians = [sorted(found[why])[SAMPLES // 2] for why in (one, other)]
        p = _rank_sum_p(found[one], found[other])
        assert p >= 0.01, (one, other, p, medians)
