"""The vectors of HPKE and of answers to releases, which the browser's modules run too."""

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from passport.access.decision import Grant
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.timestamp import time_text
from passport.sealing.hpke import SUITE, RecipientSecret
from passport.sealing.release import ReleaseAnswer, release_info
from tests.vectors import Vector, expected, load_vectors


def bytes_of(vector: Vector, name: str) -> bytes:
    assert isinstance(vector.input, dict)
    return from_base64url(vector.input[name])


def text_of(vector: Vector, name: str) -> bytes:
    assert isinstance(vector.input, dict)
    return str(vector.input[name]).encode()


def hpke_opened(vector: Vector) -> bytes:
    secret, sealed, info, aad = (
        bytes_of(vector, name) for name in ("secret", "sealed", "info", "aad")
    )
    if not aad:
        return RecipientSecret(secret).open(sealed, info=info)
    private = X25519PrivateKey.from_private_bytes(secret)
    opened: bytes = openssl.hpke._decrypt_with_aad(SUITE, sealed, private, info, aad)
    return opened


@pytest.mark.parametrize("vector", load_vectors("hpke", "open"), ids=lambda vector: vector.name)
def test_hpke(vector: Vector) -> None:
    with expected(vector):
        assert base64url(hpke_opened(vector)) == vector.ok


@pytest.mark.parametrize(
    "vector", load_vectors("release", "answers"), ids=lambda vector: vector.name
)
def test_answers(vector: Vector) -> None:
    with expected(vector):
        answer = ReleaseAnswer.parse(text_of(vector, "answer"))
        info = release_info(text_of(vector, "request"), answer)
        secret = RecipientSecret(bytes_of(vector, "secret"))
        keys = answer.keys_of(secret.open(answer.sealed, info=info))
        found = [
            None if key is None or grant is None else [base64url(key), grant_members(grant)]
            for key, grant in zip(keys, answer.grants, strict=True)
        ]
        assert found == vector.ok


def grant_members(grant: Grant) -> dict[str, object]:
    return {
        "operations": list(grant.operations),
        "reuse": grant.reuse,
        "expires": time_text(grant.expires),
    }
