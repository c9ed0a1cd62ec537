"""The edges of what a broker reads of a token: lengths, and numbers that stand for times."""

import pytest

from broker.jws import LONGEST_ID, Kind, id_of, number_of, parse_jws, time_of
from passport.encoding.canonical import Json, canonical_json
from passport.errors import VerificationError
from tests.broker_tokens import seed_of, written

KEY = seed_of("jws")
KIND = Kind("")


def token_of(algorithm: str, claims: int) -> str:
    """Return a token whose claims have so many bytes."""
    filled = canonical_json({"x": "x" * (claims - len('{"x":""}'))})
    return written(canonical_json({"alg": algorithm}), filled, KEY)


def test_a_token_of_4096_characters_is_read_and_a_longer_one_is_not() -> None:
    longest = token_of("EdDSA", 2991)
    assert len(longest) == 4096
    assert parse_jws(longest, KIND).header == {"alg": "EdDSA"}
    with pytest.raises(VerificationError, match="4097 characters is longer than 4096"):
        parse_jws(token_of("Ed25519", 2989), KIND)


@pytest.mark.parametrize("number", [0, 1, 2**53 - 1])
def test_a_whole_number_is_read(number: int) -> None:
    assert number_of({"exp": number}, "exp") == number


@pytest.mark.parametrize("value", [True, False, -1, 2**53, 1.0, "1", None, [1]])
def test_anything_else_is_no_number(value: Json) -> None:
    with pytest.raises(VerificationError, match="no whole number"):
        number_of({"exp": value}, "exp")


def test_a_number_beyond_the_calendar_is_no_time() -> None:
    with pytest.raises(VerificationError, match="no point in time"):
        time_of({"exp": 2**53 - 1}, "exp")


def test_an_id_of_128_characters_is_read() -> None:
    assert id_of({"jti": "x" * LONGEST_ID}) == "x" * 128
    with pytest.raises(VerificationError, match="too long"):
        id_of({"jti": "x" * 129})
