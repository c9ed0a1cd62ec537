"""Payloads: those that open, and for each check those that it refuses."""

import json
from collections.abc import Iterator

from tests.forge_sealed import SECRETS, Forged, Object, b64url
from tests.sealed_vectors.cases import (
    CIPHERTEXT,
    COMMITMENT,
    CONTENT,
    HEADER,
    MODEL_MEMBERS,
    NO_BASE64URL,
    NO_HEADER,
    NO_ZEROS,
    OTHER_BATTERY,
    PAYLOAD,
    POINTS,
    TOO_LONG,
    WRONG_CLASS,
    accepted,
    edit,
    opening,
    other,
    payload,
    refused,
)

SPELLING = "form: the file is not its own canonical JSON"
TEXT = PAYLOAD.payload.decode()
SEALED = b64url(PAYLOAD.ciphertext)
COMMITTED = b64url(PAYLOAD.commitment)
SALT = PAYLOAD.header["salt"]
CHECK = PAYLOAD.header["key"][-16:]
FULL = b'{"a":"%s"}' % (b"x" * 4084)
LARGER = b'{"a":"%s"}' % (b"x" * 4085)
DEEP = b'{"a":' * 63 + b"{}" + b"}" * 63
DEEPER = b'{"a":%b}' % DEEP
MODEL = Forged.of(b"{}", **MODEL_MEMBERS)

OPENED: tuple[tuple[str, str, bytes, Forged], ...] = (
    ("payload", "as it is sealed", POINTS, PAYLOAD),
    ("empty", "a group without data points", b"{}", Forged.of(b"{}")),
    ("full class", "4092 bytes and their length", FULL, Forged.of(FULL)),
    ("next class", "a byte more", LARGER, Forged.of(LARGER, 8192)),
    ("depth", "64 in one another", DEEP, Forged.of(DEEP)),
    ("model", "point 2 of Annex XIII", b"{}", MODEL),
)


def payloads() -> Iterator[Object]:
    """Yield the vectors."""
    for name, why, plaintext, forged in OPENED:
        yield accepted(name, why, payload(forged), json.loads(plaintext))
    characters = '{"é":"\U0001f50b"}'
    given = payload(Forged.of(characters.encode()))
    yield accepted("characters", "beyond ASCII, beyond 16 bits", given, json.loads(characters))
    for name, why, old, new, says in EDITED:
        yield refused(name, why, _edited((old, new)), says)
    for name, why, whole, says in INPUTS:
        forged = Forged(header=PAYLOAD.header, input=whole, secret=PAYLOAD.secret)
        yield refused(name, why, payload(forged), says)
    yield from _of_others()
    yield from _with_wrong_keys()
    yield from _in_order()


EDITED: tuple[tuple[str, str, str, str, str], ...] = (
    ("space", "one spelling", '"v":1', '"v": 1', SPELLING),
    ("line end", "nothing behind it", '"version":7}', '"version":7}\n', SPELLING),
    ("mark in front", "nothing before it", '{"ciphertext"', '\ufeff{"ciphertext"', SPELLING),
    ("v twice", "readers differ", '"v":1', '"v":1,"v":1', SPELLING),
    ("v with a fraction", "one spelling", '"v":1', '"v":1.0', SPELLING),
    ("huge version", "readers round it", '"version":7', '"version":9007199254740992', SPELLING),
    ("escape", "one spelling", '"battery"', '"\\u0062attery"', SPELLING),
    ("order", "one spelling", '"v":1,"version":7', '"version":7,"v":1', SPELLING),
    ("cut", "not all of it", '"version":7}', '"version":7', SPELLING),
    ("member more", "nothing rides along", '"v":1', '"suite":"x","v":1', NO_HEADER),
    ("member less", "every member is there", '"v":1,', "", NO_HEADER),
    ("no commitment", "it must be there", f'"commitment":"{COMMITTED}",', "",
     "form: member 'commitment' is missing"),
    ("no ciphertext", "nothing to open", f'"ciphertext":"{SEALED}",', "",
     "form: member 'ciphertext' is missing"),
    ("short commitment", "256 bits", COMMITTED, COMMITTED[:-2] + "A",
     "form: the commitment has 31 bytes, not 32"),
    ("ciphertext with spare bits", "one spelling", SEALED, SEALED[:-1] + "_", NO_BASE64URL),
    ("ciphertext with padding", "one spelling", SEALED, SEALED + "=", NO_BASE64URL),
    ("short ciphertext", "of no class", SEALED, SEALED[:-7],
     "form: a ciphertext of 4107 bytes is of no size class"),
    ("no bytes of ciphertext", "of no class", SEALED, "",
     "form: a ciphertext of 0 bytes is of no size class"),
    ("another version", "not what was asked for", '"version":7', '"version":8', HEADER),
    ("another passport", "not what was asked for", "ABC123", "ABC124", HEADER),
    ("another epoch", "no other header has its tag", "2026a", "2026b", CIPHERTEXT),
    ("another salt", "no other header has its tag", SALT, other(SALT, 0), CIPHERTEXT),
    ("another key", "no other header has its tag", CHECK, "a" + CHECK[1:], CIPHERTEXT),
    ("commitment changed", "its first byte", COMMITTED, other(COMMITTED, 0), COMMITMENT),
    ("commitment's end changed", "its last byte", COMMITTED, other(COMMITTED, -1), COMMITMENT),
    ("byte of the length", "the first", SEALED, other(SEALED, 0), CIPHERTEXT),
    ("byte of the plaintext", "a figure", SEALED, other(SEALED, 40), CIPHERTEXT),
    ("byte of the padding", "a zero", SEALED, other(SEALED, 999), CIPHERTEXT),
    ("byte of the tag", "near its end", SEALED, other(SEALED, -2), CIPHERTEXT),
)  # fmt: skip


def _input(length: int, plaintext: bytes = b"", size: int = 4096) -> bytes:
    return (length.to_bytes(4) + plaintext).ljust(size, b"\0")


def _exact(plaintext: bytes) -> bytes:
    return _input(len(plaintext), plaintext)


INPUTS: tuple[tuple[str, str, bytes, str], ...] = (
    ("length beyond the input", "a byte more than the class", _input(4093), TOO_LONG),
    ("endless length", "32 bits, all set", _input(2**32 - 1), TOO_LONG),
    ("class too large", "sizes would tell of more", _input(2, b"{}", 8192), WRONG_CLASS),
    ("byte behind the plaintext", "nothing hides there", _input(2, b"{}x"), NO_ZEROS),
    ("last byte", "nothing hides there", _exact(b"{}")[:-1] + b"\1", NO_ZEROS),
    ("no plaintext", "an empty group is {}", _exact(b""), CONTENT),
    ("list", "a payload is an object", _exact(b"[]"), CONTENT),
    ("null", "a payload is an object", _exact(b"null"), CONTENT),
    ("white space", "one spelling", _exact(b"{ }"), CONTENT),
    ("order of members", "one spelling", _exact(b'{"b":1,"a":2}'), CONTENT),
    ("member twice", "readers differ", _exact(b'{"a":1,"a":1}'), CONTENT),
    ("number", "1.0 is 1", _exact(b'{"a":1.0}'), CONTENT),
    ("large number", "readers round it", _exact(b'{"a":9007199254740992}'), CONTENT),
    ("escaped letter", "one spelling", _exact(b'{"a":"\\u0041"}'), CONTENT),
    ("half a pair", "no character", _exact(b'{"a":"\\ud800"}'), CONTENT),
    ("not UTF-8", "no text", _exact(b'{"a":"\xff"}'), CONTENT),
    ("byte-order mark", "it belongs to nothing", _exact(b"\xef\xbb\xbf{}"), CONTENT),
    ("too deep", "65 in one another", _exact(DEEPER), CONTENT),
)


def _of_others() -> Iterator[Object]:
    for name, why, members in (
        ("of another passport", "it was moved", {"passport": OTHER_BATTERY}),
        ("of another version", "an old one put back", {"version": 6}),
        ("of an own battery", "another product", {"passport": "id_acme_R.2E0001"}),
    ):
        given = payload(Forged.of(POINTS, **members), expected=PAYLOAD.expected)
        yield refused(name, why, given, HEADER)
    authority = {**MODEL.expected, "group": "xiii-3"}
    given = payload(MODEL, expected=authority)
    yield refused("of another group", "point 2 for point 3", given, HEADER)
    given = payload(MODEL, expected=PAYLOAD.expected)
    yield refused("of another level", "a model's for a battery's", given, HEADER)


def _with_wrong_keys() -> Iterator[Object]:
    key = PAYLOAD.content_key
    later = PAYLOAD.but(version=8).content_key
    for name, why, wrong, says in (
        ("key of another version", "each file has its own", later, COMMITMENT),
        ("group key", "it is no content key", SECRETS["xiii-4"], COMMITMENT),
        ("short key", "32 bytes", key[:31], "commitment: the content key has 31 bytes"),
        ("key and a zero", "HMAC sees no difference", key + b"\0",
         "commitment: the content key has 33 bytes"),
        ("no key", "32 bytes", b"", "commitment: the content key has 0 bytes"),
    ):  # fmt: skip
        yield refused(name, why, _edited() | {"contentKey": b64url(wrong)}, says)
    for name, members in (
        ("version", {"version": 8}),
        ("passport", {"passport": OTHER_BATTERY}),
        ("key", {"key": f"xiii-4/2026b/{CHECK}"}),
        ("salt", {"salt": other(SALT, 0)}),
    ):
        lie = PAYLOAD.but(**members)
        old, new = (f'"{name}":{json.dumps(one.header[name])}' for one in (PAYLOAD, lie))
        own = {"contentKey": b64url(lie.content_key), "expected": lie.expected}
        given = _edited((old, new)) | own
        yield refused(f"lie about the {name}", "it gets another key", given, COMMITMENT)


def _in_order() -> Iterator[Object]:
    wrong = ((COMMITTED, other(COMMITTED, 0)), (SEALED, other(SEALED, 0)))
    later = {"expected": {**PAYLOAD.expected, "version": 8}}
    digest = {"digest": "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"}
    for name, given, says in (
        ("ciphertext after commitment", _edited(*wrong), COMMITMENT),
        ("commitment after header", _edited(*wrong) | later, HEADER),
        ("form after digest", _edited(('"v":1', '"v":2')) | digest, "digest: the file has "),
    ):
        yield refused(name, "the order of checks", given, says)


def _edited(*changes: tuple[str, str]) -> Object:
    text, edits = TEXT, []
    for old, new in changes:
        edits.append(edit(text, old, new))
        text = text.replace(old, new)
    return opening(PAYLOAD, of="payload", edits=edits)
