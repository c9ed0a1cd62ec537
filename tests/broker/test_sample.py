"""The sample's recycler, before a real broker with the sample's own bundle: points 2 and not 3."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from passport.access.rule import Purpose
from passport.registry import Group
from passport.signing.keys import demo_secret
from tests.broker_process import ROOT, SETTINGS, BrokerClient, running
from tests.broker_running import body_for, opened
from tests.broker_tokens import seed_of
from tests.broker_world import header, true_key

POINT_2, POINT_3, POINT_4 = header(Group.INTEREST_MODEL), header(Group.AUTHORITY), header()


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("sample")
    code = "from generator.cli.main import main; main()"
    words = ["--project", str(ROOT), "access", "bundle", "--out", str(folder / "bundle.json")]
    subprocess.run([sys.executable, "-c", code, *words], check=True, timeout=60, cwd=ROOT)
    config = folder / "broker.toml"
    config.write_text(SETTINGS)
    config.chmod(0o600)
    with running(config) as broker, httpx.Client(base_url=broker.public, timeout=20) as found:
        yield found


def client(http: httpx.Client, name: str) -> BrokerClient:
    found = BrokerClient(http, name, demo_secret(f"client/{name}"), seed_of("dpop"))
    found.ask_token()
    return found


def released(http: httpx.Client, name: str, purpose: Purpose) -> tuple[bytes | None, ...]:
    asking, body = client(http, name), body_for(POINT_2, POINT_3, POINT_4, purpose=purpose)
    return opened(body, asking.release(body, asking.token()))[1]


def test_the_recycler_gets_the_keys_of_points_2_and_4_and_not_of_3(http: httpx.Client) -> None:
    keys = released(http, "hafenkreis", Purpose.RECYCLING)
    assert keys == (true_key(POINT_2), None, true_key(POINT_4))


def test_the_authority_gets_the_keys_of_points_2_and_3_and_not_of_4(http: httpx.Client) -> None:
    keys = released(http, "marktaufsicht-nord", Purpose.MARKET_SURVEILLANCE)
    assert keys == (true_key(POINT_2), true_key(POINT_3), None)


def test_another_purpose_opens_nothing(http: httpx.Client) -> None:
    asking = client(http, "hafenkreis")
    body = body_for(POINT_2, POINT_4, purpose=Purpose.MARKET_SURVEILLANCE)
    assert asking.release(body, asking.token()).status_code == 403


def test_a_key_that_nobody_entered_gets_no_token(http: httpx.Client) -> None:
    asking = BrokerClient(http, "hafenkreis", seed_of("thief"), seed_of("dpop"))
    asking.ask_token()
    assert asking.ask_token().json()["error"] == "invalid_client"
