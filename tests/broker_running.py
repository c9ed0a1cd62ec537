"""A running broker whose policy is in force now, and a recycler who asks it for keys over HTTP."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx

from broker.service import utc_now
from passport.access.bundle import Bundle
from passport.access.rule import Operation, Period, Purpose
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import ReleaseAnswer, ReleaseRequest, release_info
from passport.sealing.sealed_header import SealedHeader
from tests.broker_process import SETTINGS, BrokerClient, write_project
from tests.broker_tokens import seed_of
from tests.broker_world import bundle, header

SECRET = RecipientSecret(seed_of("recipient"))
_FOR_EVER = Period(date(2020, 1, 1))


def present_bundle(seq: int = 1, **changes: object) -> Bundle:
    """Return the bundle of `tests.broker_world`, in force at the present time."""
    made = bundle(seq)
    rules = tuple(replace(rule, period=_FOR_EVER) for rule in made.policy.rules)
    now = utc_now().replace(microsecond=0)
    return replace(
        made,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
        policy=replace(made.policy, period=_FOR_EVER, rules=rules),
        **changes,  # type: ignore[arg-type]
    )


def present_project(folder: Path, made: Bundle | None = None, more: str = "") -> Path:
    """Write settings with an anchor and endless quotas, and a bundle; return the settings."""
    quotas = "".join(
        f"{holder}_keys = 1000000000\n" for holder in ("client", "organisation", "address")
    )
    settings = f'anchor = "anchor"\n{more}{SETTINGS}{quotas}'
    return write_project(folder, made or present_bundle(), settings)


def body_for(*asked: SealedHeader, purpose: Purpose = Purpose.DISMANTLING) -> bytes:
    """Return the body of a release."""
    request = ReleaseRequest(
        purpose=purpose,
        operation=Operation.VIEW,
        recipient=SECRET.public,
        headers=asked or (header(),),
    )
    return request.to_bytes()


def recycler(http: httpx.Client) -> BrokerClient:
    """Return a recycler that has a nonce."""
    client = BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
    client.ask_token()
    return client


def opened(body: bytes, response: httpx.Response) -> tuple[ReleaseAnswer, tuple[bytes | None, ...]]:
    """Open an answer as a client does."""
    assert response.status_code == 200, response.text
    answer = ReleaseAnswer.parse(response.content)
    return answer, answer.keys_of(SECRET.open(answer.sealed, info=release_info(body, answer)))
