"""Checkpoints: what a log says of itself, signed: its origin, its size, its root.

Spec: C2SP tlog-checkpoint and signed-note. A note may carry more signatures, of witnesses; they are
left alone. Reading is stricter than the specs: the text is those three lines and nothing else, our
key signs once, and every byte has one spelling. A log never signs two roots for one size; whether
two checkpoints contradict each other is asked in `passport.log.merkle`.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from passport.base_url import BaseUrl
from passport.errors import VerificationError, failing
from passport.log.merkle import EMPTY_ROOT, HASH_LENGTH
from passport.log.tiles import LARGEST_SIZE
from passport.quoting import quoted
from passport.signing import ed25519
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Signer

MOST_SIGNATURES = 16
"""Signature lines of a note, ours included (signed-note: at least so many must be read)."""
LARGEST_NOTE = 128 * 1024
"""Bytes of the largest note: 16 signatures, though each be of a post-quantum kind."""

_ED25519 = b"\1"
_KEY_ID_LENGTH = 4
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile("0|[1-9][0-9]{0,15}")
_SIGNATURE = re.compile("— ([^ ]+) ([^ ]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The tree of `size` entries has this root, says the log of this origin."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log's public key under the log's name; `VerificationError` for a name that no note has."""

    name: str
    public_key: PublicKey

    def __post_init__(self) -> None:
        if not _is_key_name(self.name):
            raise _error(f"{quoted(self.name)} is no name of a key", "use no space and no plus")

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a verifier key, `NAME+ID+KEY`; `VerificationError` for another kind or spelling."""
        name, _, rest = vkey.partition("+")
        _, _, encoded = rest.partition("+")
        with failing("checkpoint"):
            material = _from_base64(encoded)
            if material[:1] != _ED25519:
                raise VerificationError(f"{quoted(vkey)} is no Ed25519 verifier key")
            key = cls(name, PublicKey(material[1:]))
        if str(key) != vkey:
            raise _error(f"{quoted(vkey)} is no verifier key", f"{key} would be one")
        return key

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before its signatures."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public_key.raw)}"


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    key_id: bytes
    raw: bytes


def log_path(generation: int) -> str:
    """Where a log lies: `/log/1`."""
    return f"/log/{generation}"


def log_origin(base_url: BaseUrl, generation: int) -> str:
    """A log's name for ever, its address without the scheme: `id.example.com/log/1`."""
    return f"{base_url.authority}{log_path(generation)}"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return the signed note; the same key and checkpoint give the same bytes."""
    key = LogKey(checkpoint.origin, signer.public_key)
    signature = key.key_id + signer.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {key.name} {_base64(signature)}\n".encode()


def verify_checkpoint(note: bytes, keys: Iterable[LogKey]) -> Checkpoint:
    """Return the checkpoint that one of the log's keys signed; `VerificationError` otherwise.

    All keys are of one log, whose name is their name. Signatures by others are not judged, as
    nobody here knows their keys; one that says to be by a key given here must be.
    """
    with failing("checkpoint"):
        text, signatures = _split(note)
        checkpoint = _parse_text(text)
        known = {(key.name, key.key_id): key for key in keys}
        if {name for name, _ in known} != {checkpoint.origin}:
            raise VerificationError(
                f"it is of {quoted(checkpoint.origin)}, whose keys are not at hand",
                "compare the name of the log with the site that was asked",
            )
        ours = [sig for sig in signatures if (sig.name, sig.key_id) in known]
        if not ours:
            raise VerificationError("no key of the log signed it", "fetch it anew from the site")
        if len({(sig.name, sig.key_id) for sig in ours}) < len(ours):
            raise VerificationError("one key signed it twice")
        for sig in ours:
            ed25519.verify(known[sig.name, sig.key_id].public_key, text.encode(), sig.raw)
        return checkpoint


def parse_checkpoint(note: bytes) -> Checkpoint:
    """Read what a note says without asking who signed it; not to be relied on."""
    with failing("checkpoint"):
        return _parse_text(_split(note)[0])


def _split(note: bytes) -> tuple[str, tuple[_Signature, ...]]:
    """Split a note at its last empty line into text and signatures."""
    if len(note) > LARGEST_NOTE:
        raise VerificationError(f"{len(note)} bytes are more than the {LARGEST_NOTE} allowed")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise VerificationError(f"byte {error.start} is not UTF-8") from error
    if found := _CONTROLS.search(whole):
        raise VerificationError(f"it holds the control character {quoted(found[0])}")
    text, _, lines = whole.rpartition("\n\n")
    if not text or not lines.endswith("\n"):
        raise VerificationError("it does not end with lines of signatures", "it was cut")
    signed = lines[:-1].split("\n")
    if len(signed) > MOST_SIGNATURES:
        raise VerificationError(f"{len(signed)} signatures are more than {MOST_SIGNATURES}")
    return f"{text}\n", tuple(map(_parse_signature, signed))


def _parse_signature(line: str) -> _Signature:
    match = _SIGNATURE.fullmatch(line)
    if match is None or not _is_key_name(match[1]):
        raise VerificationError(f"{quoted(line)} is no line of a signature")
    content = _from_base64(match[2])
    if len(content) <= _KEY_ID_LENGTH:
        raise VerificationError(f"the signature by {quoted(match[1])} is empty")
    return _Signature(match[1], content[:_KEY_ID_LENGTH], content[_KEY_ID_LENGTH:])


def _parse_text(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise VerificationError(
            f"it has {len(lines)} lines, or no name", "they are origin, size and root"
        )
    origin, size, encoded = lines
    if not _SIZE.fullmatch(size) or int(size) > LARGEST_SIZE:
        raise VerificationError(f"{quoted(size)} is not the size of a log")
    root = _from_base64(encoded)
    if len(root) != HASH_LENGTH or (int(size) == 0 and root != EMPTY_ROOT):
        raise VerificationError(f"{quoted(encoded)} is not the root of a log of {size}")
    return Checkpoint(origin=origin, size=int(size), root=root)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    """Read base64; `VerificationError` unless it is the one spelling of its bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VerificationError(f"{quoted(text)} is not base64") from error
    if _base64(data) != text:
        raise VerificationError(f"{quoted(text)} is not the base64 that others write")
    return data


def _error(message: str, remedy: str = "") -> VerificationError:
    return VerificationError(message, remedy, check="checkpoint")
