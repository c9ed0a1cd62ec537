"""Secrets of a broker: 32 bytes each, in a file that only its owner may read, or in a variable.

The form is that of the generator's keys (43 characters of base64url in one line), so that a key
file is copied to the broker as it is. No message shows a secret, or a part of one.
"""

import os
import stat
from pathlib import Path

from passport.encoding.base64url import from_base64url
from passport.errors import HostError, VerificationError

SECRET_LENGTH = 32
_LONGEST = 256


def read_secret(path: Path) -> bytes:
    """Return the secret of a file; `HostError` unless it is there, a secret, and nobody else's."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise HostError(
            f"{path} can't be read: {(error.strerror or 'unknown').lower()}",
            "put the key there, readable by the broker's user only",
        ) from error
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
            raise HostError(
                f"others on this machine may use {path} (mode {stat.S_IMODE(status.st_mode):04o})",
                "run chmod go= on it; if others could have read it, replace the key",
            )
        return parse_secret(file.read(_LONGEST), str(path))


def parse_secret(content: bytes, place: str) -> bytes:
    """Read a secret's text; what is shown of a wrong one is its place and nothing else."""
    text = content.decode("ascii", "replace").removesuffix("\n").removesuffix("\r")
    try:
        secret = from_base64url(text)
    except VerificationError:
        secret = b""
    if len(secret) != SECRET_LENGTH:
        raise HostError(
            f"{place} holds no key", "it is 43 characters of base64url in one line"
        ) from None
    return secret
