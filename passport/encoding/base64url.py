"""Bytes as base64url without padding, in the one spelling that they have (RFC 4648 5 and 3.5).

Texts with padding, with another alphabet or with bits behind the last byte are refused: two
spellings of one value would be two files. What the bytes mean isn't known here.
"""

import base64
import binascii

from passport.errors import VerificationError
from passport.quoting import quoted


def base64url(data: bytes | memoryview) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read base64url; `VerificationError` for anything that `base64url` would not return."""
    try:
        data = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise _error(text) from error
    if base64url(data) != text:
        raise _error(text)
    return data


def _error(text: str) -> VerificationError:
    return VerificationError(
        f"{quoted(text)} is not base64url", "leave out padding, line ends and spare bits"
    )
