"""Rates and daily quotas: by client, by organisation, by network; over a restart."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broker.limits import Limits, Rate
from broker.problems import Reason, RequestError
from passport.access.rule import Actor
from tests.broker_bundles import client
from tests.broker_world import (
    PLENTY,
    bundle,
    header,
    headers,
    world,
)


def test_a_days_quota_holds_over_a_restart_and_ends_with_the_day(tmp_path: Path) -> None:
    limits = replace(PLENTY, client_keys=5)
    with world(tmp_path, limits=limits) as broker:
        broker.ask(*headers(4))
    with world(tmp_path, limits=limits) as broker:
        with pytest.raises(RequestError) as caught:
            broker.ask(*headers(2))
        assert caught.value.reason is Reason.RATE_LIMITED
        assert caught.value.retry_after == (24 - 9.5) * 3600
        assert len(broker.records()) == 4
        broker.ask(header())
        broker.now += timedelta(days=1)
        broker.ask(*headers(5))


@pytest.mark.parametrize(
    "limits",
    [
        replace(PLENTY, client=Rate(0.001, 3)),
        replace(PLENTY, organisation=Rate(0.001, 3)),
        replace(PLENTY, client_keys=3),
        replace(PLENTY, organisation_keys=3),
        replace(PLENTY, address_keys=3),
    ],
)
def test_each_limit_holds_alone(tmp_path: Path, limits: Limits) -> None:
    with world(tmp_path, limits=limits) as broker:
        for _ in range(3):
            broker.ask()
        assert broker.refusal() is Reason.RATE_LIMITED


def test_clients_of_one_organisation_and_addresses_of_one_network_share(tmp_path: Path) -> None:
    one, other = (
        client(name, Actor.RECYCLER, organisation="one") for name in ("recycler", "other")
    )
    made = bundle(clients=(one, other))
    with world(tmp_path, made, replace(PLENTY, organisation_keys=2)) as broker:
        broker.ask()
        broker.ask(client="other")
        assert broker.refusal() is Reason.RATE_LIMITED
    limits = replace(PLENTY, address_keys=2)
    (tmp_path / "b").mkdir()
    with world(tmp_path / "b", limits=limits) as broker:
        for address in ("192.0.2.1", "::ffff:192.0.2.200"):
            broker.ask(address=address)
        assert broker.refusal(address="192.0.2.9") is Reason.RATE_LIMITED
        broker.ask(address="192.0.3.1")
