"""Base64url: bytes come back, and each value has one spelling."""

import pytest

from passport.encoding.base64url import base64url, from_base64url
from passport.errors import VerificationError


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_come_back(data: bytes) -> None:
    assert from_base64url(base64url(data)) == data


@pytest.mark.parametrize(
    "text", ["YQ==", "YQ=", "YR", "YWI=", "YWJ", "Y", "a+b/", "YQ\n", " YQ", "YQ ", "é", "YQ\0"]
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(VerificationError, match="base64url"):
        from_base64url(text)
