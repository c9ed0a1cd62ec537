"""The base URL of a site: one spelling, and whether real passports may live there."""

import pytest

from passport.base_url import BaseUrl
from tests.vectors import Vector, expected, load_vectors


@pytest.mark.parametrize("vector", load_vectors("identifiers", "base_url"), ids=lambda v: v.name)
def test_base_url(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        base_url = BaseUrl(vector.input)
        assert str(base_url) == vector.input
        assert {"is_real": base_url.is_real} == vector.ok


@pytest.mark.parametrize(
    ("text", "authority", "host", "is_secure"),
    [
        ("https://id.example.com", "id.example.com", "id.example.com", True),
        ("https://id.example.com:8443", "id.example.com:8443", "id.example.com", True),
        ("http://[::1]:8000", "[::1]:8000", "[::1]", False),
        ("http://[::1]", "[::1]", "[::1]", False),
    ],
)
def test_parts(text: str, authority: str, host: str, *, is_secure: bool) -> None:
    base_url = BaseUrl(text)
    assert base_url.authority == authority
    assert base_url.host == host
    assert base_url.is_secure is is_secure
