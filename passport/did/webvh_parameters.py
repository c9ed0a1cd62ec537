"""The parameters of a did:webvh log: who may write the next entry, and what may change.

Spec: The did:webvh DID Method v1.0, "DID Method Parameters", "Authorized Keys" and "Pre-Rotation".
What an entry doesn't say stays as it was. A log that asks for witnesses is refused: their proofs
are not read here, and to skip them would be to trust the log for less than it asks.
"""

from dataclasses import dataclass

from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import only, text_of, texts_of
from passport.encoding.multibase import base58, sha256_multihash
from passport.errors import VerificationError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey

METHOD = "did:webvh:1.0"

_RULES = frozenset({"method", "scid", "updateKeys", "nextKeyHashes", "portable", "deactivated"})
_GUIDANCE = frozenset({"ttl", "watchers", "witness"})
_LARGEST_TTL = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is in force once an entry has been read.

    `signing_keys` may have signed this entry; `update_keys` may sign the next one, unless
    `next_key_hashes` names the only keys that may.
    """

    scid: str
    signing_keys: tuple[PublicKey, ...]
    update_keys: tuple[PublicKey, ...]
    next_key_hashes: tuple[str, ...]
    portable: bool
    deactivated: bool


def read_parameters(raw: JsonObject, before: Parameters | None) -> Parameters:
    """Return what is in force after an entry; `before` is what was, None for the first entry.

    `VerificationError` if the entry says what it may not.
    """
    only(raw, _RULES | _GUIDANCE)
    _check_guidance(raw)
    return _first(raw) if before is None else _next(raw, before)


def key_hash(key: PublicKey) -> str:
    """Return the digest by which an entry commits to a key of the next one."""
    return base58(sha256_multihash(key.multikey.encode()))


def _first(raw: JsonObject) -> Parameters:
    _check_method(text_of(raw, "method"))
    keys = _keys(raw)
    if not keys:
        raise VerificationError("the first entry names no update key")
    return Parameters(
        scid=text_of(raw, "scid"),
        signing_keys=keys,
        update_keys=keys,
        next_key_hashes=texts_of(raw, "nextKeyHashes"),
        portable=_flag(raw, "portable", default=False),
        deactivated=_flag(raw, "deactivated", default=False),
    )


def _next(raw: JsonObject, before: Parameters) -> Parameters:
    if before.deactivated:
        raise VerificationError("an entry follows the one that deactivated the DID")
    if "method" in raw:
        _check_method(text_of(raw, "method"))
    if "scid" in raw:
        raise VerificationError("only the first entry has a SCID")
    portable = _flag(raw, "portable", default=before.portable)
    if portable and not before.portable:
        raise VerificationError("only the first entry can make a DID portable")
    keys = _keys(raw) if "updateKeys" in raw else before.update_keys
    if before.next_key_hashes:
        _check_committed(raw, keys, before.next_key_hashes)
    hashes = texts_of(raw, "nextKeyHashes") if "nextKeyHashes" in raw else before.next_key_hashes
    return Parameters(
        scid=before.scid,
        signing_keys=keys if before.next_key_hashes else before.update_keys,
        update_keys=keys,
        next_key_hashes=hashes,
        portable=portable,
        deactivated=_flag(raw, "deactivated", default=False),
    )


def _check_method(method: str) -> None:
    if method != METHOD:
        raise VerificationError(f"method {quoted(method)} is not known", f"known is {METHOD}")


def _check_committed(raw: JsonObject, keys: tuple[PublicKey, ...], hashes: tuple[str, ...]) -> None:
    for name in ("updateKeys", "nextKeyHashes"):
        if name not in raw:
            raise VerificationError(f"member {name!r} is missing", "pre-rotation needs it")
    for key in keys:
        if key_hash(key) not in hashes:
            raise VerificationError(
                f"update key {key.multikey} was not committed to by the entry before",
                "sign with the key that was kept for this entry",
            )


def _keys(raw: JsonObject) -> tuple[PublicKey, ...]:
    return tuple(PublicKey.parse(key) for key in texts_of(raw, "updateKeys"))


def _flag(raw: JsonObject, name: str, *, default: bool) -> bool:
    value = raw.get(name, default)
    if not isinstance(value, bool):
        raise VerificationError(f"member {name!r} is neither true nor false")
    return value


def _check_guidance(raw: JsonObject) -> None:
    texts_of(raw, "watchers")
    ttl = raw.get("ttl", 0)
    if not isinstance(ttl, int) or isinstance(ttl, bool) or not 0 <= ttl <= _LARGEST_TTL:
        raise VerificationError("member 'ttl' is no number of seconds", "write 0 to 2^31")
    if raw.get("witness", {}) != {}:
        raise VerificationError(
            "the log asks for witnesses, whose proofs are not read here",
            "resolve this DID with software that asks them",
        )
