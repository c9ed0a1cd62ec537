"""The sample's recycler, before a real broker with the sample's own bundle: points 2 and not 3."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from broker.group_keys import demo_keys
from passport.access_rule import Operation, Purpose
from passport.hpke import RecipientSecret
from passport.identifiers import DppId
from passport.keys import demo_secret
from passport.registry import Group, Level
from passport.release import ReleaseAnswer, ReleaseRequest, release_info
from passport.sealed_header import PAYLOAD, SealedHeader, content_key
from tests.broker_process import ROOT, SETTINGS, BrokerClient, running
from tests.broker_tokens import seed_of

MODEL = DppId.parse("01_09506000134352")
BATTERY = DppId.parse("01_09506000134352_21_T48L2611-0001")
KEYS = {key.group: (key, mac) for key, mac in demo_keys().items()}
SECRET = RecipientSecret(seed_of("recipient"))


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


def header(passport: DppId, level: Level, group: Group) -> SealedHeader:
    return SealedHeader(
        passport=passport,
        level=level,
        group=group,
        version=1,
        resource=PAYLOAD,
        key=KEYS[group][0],
        salt=b"a secret ticket!",
    )


POINT_2 = header(MODEL, Level.MODEL, Group.INTEREST_MODEL)
POINT_3 = header(MODEL, Level.MODEL, Group.AUTHORITY)
POINT_4 = header(BATTERY, Level.BATTERY, Group.INTEREST_BATTERY)


def request(purpose: Purpose, *headers: SealedHeader) -> bytes:
    return ReleaseRequest(
        purpose=purpose, operation=Operation.VIEW, recipient=SECRET.public, headers=headers
    ).to_bytes()


def client(http: httpx.Client, name: str) -> BrokerClient:
    found = BrokerClient(http, name, demo_secret(f"client/{name}"), seed_of("dpop"))
    found.ask_token()
    return found


def released(http: httpx.Client, name: str, body: bytes) -> tuple[bytes | None, ...]:
    asking = client(http, name)
    response = asking.release(body, asking.token())
    assert response.status_code == 200, response.text
    answer = ReleaseAnswer.parse(response.content)
    return answer.keys_of(SECRET.open(answer.sealed, info=release_info(body, answer)))


def test_the_recycler_gets_the_keys_of_points_2_and_4_and_not_of_3(http: httpx.Client) -> None:
    keys = released(http, "hafenkreis", request(Purpose.RECYCLING, POINT_2, POINT_3, POINT_4))
    assert keys == (
        content_key(POINT_2, KEYS[Group.INTEREST_MODEL][1]),
        None,
        content_key(POINT_4, KEYS[Group.INTEREST_BATTERY][1]),
    )


def test_the_authority_gets_the_keys_of_points_2_and_3_and_not_of_4(http: httpx.Client) -> None:
    body = request(Purpose.MARKET_SURVEILLANCE, POINT_2, POINT_3, POINT_4)
    keys = released(http, "marktaufsicht-nord", body)
    assert [key is not None for key in keys] == [True, True, False]


def test_another_purpose_opens_nothing(http: httpx.Client) -> None:
    asking = client(http, "hafenkreis")
    body = request(Purpose.MARKET_SURVEILLANCE, POINT_2, POINT_4)
    assert asking.release(body, asking.token()).status_code == 403


def test_a_key_that_nobody_entered_gets_no_token(http: httpx.Client) -> None:
    asking = BrokerClient(http, "hafenkreis", seed_of("thief"), seed_of("dpop"))
    asking.ask_token()
    assert asking.ask_token().json()["error"] == "invalid_client"
