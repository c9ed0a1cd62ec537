"""One broker for a file of tests, and the recycler who asks it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.broker_bundles import bundle
from tests.broker_over_http import known
from tests.broker_process import BrokerClient, RunningBroker, running, write_project


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    with running(write_project(tmp_path_factory.mktemp("broker"), bundle())) as found:
        yield found


@pytest.fixture
def http(broker: RunningBroker) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=broker.public, timeout=10) as found:
        yield found


@pytest.fixture
def recycler(http: httpx.Client) -> BrokerClient:
    return known(http)
