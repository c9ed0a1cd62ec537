"""Strict JSON: read as everybody would read it, or not at all."""

from contextlib import suppress

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_json, parse_object
from passport.errors import JsonError, VerificationError
from tests.vectors import Vector, expected, load_vectors


def data_of(vector: Vector) -> bytes:
    """Return the bytes of a vector: as text, in hex, or a unit many times and its end as often."""
    match vector.input:
        case {"text": str(text)}:
            return text.encode()
        case {"hex": str(digits)}:
            return bytes.fromhex(digits)
        case {"repeat": [str(begin), int(times), str(end)], **rest}:
            return (begin * times + str(rest.get("middle", "")) + end * times).encode()
    raise ValueError(f"{vector.name} has no bytes")


@pytest.mark.parametrize("vector", load_vectors("strict_json", "values"), ids=lambda v: v.name)
def test_values(vector: Vector) -> None:
    data = data_of(vector)
    with expected(vector):
        # As bytes, since Python holds 1, 1.0 and True to be equal.
        assert canonical_json(parse_json(data)) == canonical_json(vector.ok)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2.0**53) + 1, 2.0**53 - 1).filter(lambda number: number % 1)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_canonical_bytes_are_read_back(value: object) -> None:
    data = canonical_json(value)
    assert canonical_json(parse_json(data)) == data


@given(json_values | st.floats(allow_nan=False, allow_infinity=False))
@example([1e-4, 9.999999e-5, 1e-7, 1.0, -0.0, 0.1 + 0.2, -48.25, 2.0**53, 1e16, 1e21, 5e-324])
@example([2**53 - 1, -(2**53) + 1, True, None, {}, [], (), '\x00\x1f\x7f\u2028"\\/\b\t'])
@example({"\U0001f50b": 1, "\ufb33": 2, "Ä": 3, "A": 4, "": 5, "a": {"b": 1, "B": 2}})
def test_plain_values_get_the_bytes_of_the_library(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.binary())
def test_any_bytes_are_read_or_refused_with_our_error(data: bytes) -> None:
    with suppress(JsonError):
        canonical_json(parse_json(data))


def test_members_beyond_the_bmp_are_ordered_by_utf_16_units() -> None:
    value = parse_json('{"\ufb33": 1, "\U0001f50b": 2}'.encode())
    assert canonical_json(value) == '{"\U0001f50b":2,"\ufb33":1}'.encode()


def test_a_document_is_an_object() -> None:
    assert parse_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(JsonError, match="json: the document is no object"):
        parse_object(b"[]")


def test_a_caller_may_allow_less() -> None:
    assert parse_json(b"1234", largest=4) == 1234
    with pytest.raises(JsonError, match="4 bytes are more than the 3 allowed"):
        parse_json(b"1234", largest=3)


def test_a_wrong_document_is_a_failed_verification() -> None:
    assert issubclass(JsonError, VerificationError)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (float("nan"), "nan is not representable"),
        (float("inf"), "inf is not representable"),
        (2**53, "exceeds safe integer domain"),
        ("\ud83d", "non-UTF-8"),
        ({1: "x"}, "keys must be strings"),
        ({"x": b""}, "unsupported type"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        canonical_json(value)


def test_where_there_is_nothing_to_do_the_message_says_so() -> None:
    with pytest.raises(JsonError) as caught:
        parse_json(b"NaN x")
    assert caught.value.remedy
    with pytest.raises(JsonError) as caught:
        parse_json(b"12345", largest=4)
    assert caught.value.remedy == ""
