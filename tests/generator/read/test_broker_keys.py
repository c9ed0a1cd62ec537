"""Requests to brokers: how many headers each has, and what a proof binds."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from broker.dpop import Nonces, Target, verify_proof
from generator.read.broker_keys import batches
from generator.read.callers import ClientCaller, Proven, dpop_proof, role_caller
from generator.read.sources import Origins
from passport.access.rule import Operation, Purpose
from passport.errors import ConfigError, VerificationError
from passport.identifiers import DppId
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import LARGEST_REQUEST, MOST_HEADERS, ReleaseRequest
from passport.sealing.sealed_header import SealedHeader
from passport.signing.keys import SeedSigner
from tests.broker_tokens import seed_of
from tests.broker_world import header

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SIGNER = SeedSigner(seed_of("dpop"))


def headers(count: int, serial: str = "B") -> tuple[SealedHeader, ...]:
    names = (DppId.parse(f"01_09506000134352_21_{serial}{number}") for number in range(count))
    return tuple(header(passport=name) for name in names)


def body_of(batch: tuple[SealedHeader, ...]) -> bytes:
    return ReleaseRequest(
        purpose=Purpose.CONFORMITY_ASSESSMENT,
        operation=Operation.DOWNLOAD,
        recipient=RecipientSecret(seed_of("recipient")).public,
        headers=batch,
    ).to_bytes()


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (100, [100]), (250, [100, 100, 50])]
)
def test_requests_have_a_hundred_headers_at_most(count: int, sizes: list[int]) -> None:
    asked = headers(count)
    found = list(batches(asked))
    assert [len(batch) for batch in found] == sizes
    assert tuple(each for batch in found for each in batch) == asked


def test_requests_are_no_longer_than_brokers_take() -> None:
    long = DppId.parse(f"id_{'scheme' * 2}_{'A.2E' * 31}AB")
    asked = tuple(header(passport=long, salt=number.to_bytes(16)) for number in range(MOST_HEADERS))
    [batch] = batches(asked)
    assert len(body_of(batch)) <= LARGEST_REQUEST


def test_a_proof_is_one_that_brokers_take() -> None:
    nonces = Nonces(seed_of("nonces"))
    proven = Proven(
        url="https://keys.example.com/release",
        nonce=nonces.current(NOW),
        token="token",
        body=b"{}",
    )
    proof = dpop_proof(proven, SIGNER, NOW, "jti")
    target = Target("POST", proven.url, "token", b"{}")
    assert verify_proof(proof, target, nonces, NOW).key == SIGNER.public_key


def test_no_secret_shows() -> None:
    caller = ClientCaller(client="c", signer=SIGNER, proving=SIGNER)
    proven = Proven(url="https://keys.example.com/release", nonce="n", token="a-token")
    assert "a-token" not in repr(proven)
    assert SIGNER.seed.hex() not in repr(caller)
    assert hashlib.sha256(SIGNER.seed).hexdigest() not in repr(caller)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"no JSON", VerificationError),
        (b"{}", VerificationError),
        (b" " * 20_000, VerificationError),
        (
            json.dumps(
                {
                    "credentialSubject": {"id": "did:key:z6MkOther"},
                    "credentialStatus": {"statusListCredential": "https://roles.example.org/1"},
                }
            ).encode(),
            ConfigError,
        ),
    ],
)
def test_what_is_no_credential_of_this_key_is_told_at_once(
    content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        role_caller(content, SIGNER, Origins({}))
