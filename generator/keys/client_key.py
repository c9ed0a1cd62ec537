"""The key of a client of brokers: an Ed25519 private key as a JWK, in a file of its owner.

Spec: RFC 7517, RFC 8037. `kid` is the client's id, where it is known. A file that others may read
is refused, and none is ever overwritten. No message shows a key. Whom an operator entered as a
client isn't known here.
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import only, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import HostError, VerificationError
from passport.signing.jwk import parse_public_jwk, public_jwk
from passport.signing.keys import SeedSigner

_MEMBERS = frozenset({"kty", "crv", "x", "d", "kid"})
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A client's key; `client` is its id, "" where the file doesn't say it."""

    signer: SeedSigner
    client: str = ""

    @classmethod
    def parse(cls, members: JsonObject) -> Self:
        """Read a private JWK; `VerificationError` for another kind, or halves that don't fit."""
        only(members, _MEMBERS)
        public = parse_public_jwk({n: v for n, v in members.items() if n not in ("d", "kid")})
        secret = text_of(members, "d")
        try:
            seed = from_base64url(secret)
        except VerificationError:
            seed = b""  # the codec's error would quote the key
        if len(seed) != 32 or SeedSigner(seed).public_key != public:
            raise VerificationError("its private half doesn't fit its public one")
        return cls(SeedSigner(seed), text_of(members, "kid") if "kid" in members else "")

    def to_json(self) -> JsonObject:
        """Return the private JWK."""
        kid = {"kid": self.client} if self.client else {}
        public = public_jwk(self.signer.public_key)
        return {**public, "d": base64url(self.signer.seed), **kid}


def write_client_key(path: Path, key: ClientKey) -> None:
    """Write a key where nothing was, for its owner only; `HostError` otherwise."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise HostError(
            f"{path} is there already", "a key is never overwritten: name another file"
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(json.dumps(key.to_json(), indent=2) + "\n")
        file.flush()
        os.fsync(handle)


def read_client_key(path: Path) -> ClientKey:
    """Read a key; `HostError` unless the file is there, its owner's alone, and holds one."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode) or mode & 0o077:
            raise HostError(
                f"others on this machine may read {path} (mode {stat.S_IMODE(mode):04o})",
                "run chmod go= on it; if others could have read it, make a new key and have the "
                "operator enter that",
            )
        content = file.read(_LARGEST + 1)
    try:
        return ClientKey.parse(parse_object(content, largest=_LARGEST))
    except VerificationError as error:
        raise HostError(
            f"{path} holds no client key: {error.message}",
            "make one with `cellfolio client-key new`",
        ) from error
