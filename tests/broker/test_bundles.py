"""Which bundle decides: the newest that was seen, while it is in force, and no other."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from broker.bundle_file import BundleFile
from broker.problems import Reason, RequestError
from passport.access.bundle import bundle_digest
from passport.access.rule import Actor
from passport.errors import HostError, VerificationError
from tests.access import SIGNER
from tests.broker_bundles import client
from tests.broker_tokens import NOW
from tests.broker_world import (
    KEYS,
    bundle,
    world,
)


def test_nothing_is_released_past_the_bundles_end(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        broker.now += timedelta(days=30)
        assert broker.refusal() is Reason.POLICY_UNAVAILABLE


def test_a_bundle_that_was_replaced_meanwhile_decides_nothing(tmp_path: Path) -> None:
    with world(tmp_path) as broker, world(tmp_path, bundle(2)) as other:
        assert broker.refusal() is Reason.POLICY_CHANGED
        other.ask()


def test_an_older_bundle_is_refused_even_after_a_restart(tmp_path: Path) -> None:
    with world(tmp_path, bundle(3)) as broker:
        with pytest.raises(VerificationError, match="not newer"):
            broker.use(bundle(2))
        with pytest.raises(VerificationError, match="not newer"):
            broker.use(bundle(3, clients=(client("recycler", Actor.RECYCLER),)))
        broker.ask()  # the newest stays in use
    with pytest.raises(VerificationError, match="not newer"), world(tmp_path):
        pass


def test_nothing_is_released_before_there_is_a_bundle(tmp_path: Path) -> None:
    empty = BundleFile(tmp_path / "none.json", SIGNER.public_key, lambda: KEYS)
    assert empty.is_due
    with pytest.raises(RequestError) as caught:
        empty.in_force(NOW)
    assert caught.value.reason is Reason.POLICY_UNAVAILABLE
    with world(tmp_path) as broker, pytest.raises(HostError):
        asyncio.run(empty.load(broker.writer, NOW))
    assert empty.is_due  # though the file is as it was


def test_a_change_of_the_bundles_file_is_seen(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        assert not broker.bundle.is_due
        (tmp_path / "bundle.json").unlink()
        assert broker.bundle.is_due
        with pytest.raises(HostError, match=r"bundle\.json can't be read"):
            asyncio.run(broker.load())
        assert not broker.bundle.is_due
        broker.ask()  # what is in use stays in use
        broker.use(bundle(2))
        assert not broker.bundle.is_due


def test_a_bundle_that_is_taken_into_use_is_on_record(tmp_path: Path) -> None:
    with world(tmp_path, bundle(4)) as broker:
        (record,) = broker.records("bundle")
        content = (tmp_path / "bundle.json").read_bytes()
    assert (record["bundle"], record["digest"]) == (4, bundle_digest(content))


def test_a_new_bundle_takes_effect_at_once(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        broker.use(bundle(2, clients=(client("authority", Actor.MARKET_SURVEILLANCE),)))
        assert broker.refusal() is Reason.INVALID_TOKEN
        assert [each["bundle"] for each in broker.records("bundle")] == [1, 2]
