"""Documents: those that open, and what only their form can have wrong."""

from collections.abc import Iterator

from tests.forge_sealed import MAGIC, Forged, Object, b64url, document_of, jcs
from tests.salamander import salamander
from tests.sealed_vectors.cases import (
    CIPHERTEXT,
    COMMITMENT,
    DOCUMENT,
    DRAWING,
    HEADER,
    NO_ZEROS,
    PAYLOAD,
    WRONG_CLASS,
    Edit,
    accepted,
    document,
    opening,
    refused,
)

SPELLING = "form: the head is not its own canonical JSON"
COUNT = len(MAGIC)
"""Where the length of the head stands."""
HEAD = len(DOCUMENT.document) - len(DOCUMENT.ciphertext)
"""Where the ciphertext begins."""
LOW = DOCUMENT.document[COUNT + 3]
"""The last byte of the length."""

OPENED = (
    ("document", "as it is sealed", DOCUMENT),
    ("empty", "a file without a byte", Forged.of(b"", **DRAWING)),
    ("any bytes", "it needn't be JSON", Forged.of(bytes(range(256)) * 2, **DRAWING)),
    ("padded class", "5004 bytes are 5120 by Padmé", Forged.of(b"x" * 5000, 5120, **DRAWING)),
)

EDITED: tuple[tuple[str, str, tuple[Edit, ...], str], ...] = (
    ("another beginning", "no such format", ((COUNT - 2, 1, "2"),),
     "form: the file is not its own canonical JSON"),
    ("beginning alone", "nothing behind it", ((COUNT, 99999, ""),), "form: the head is missing"),
    ("endless head", "32 bits, all set", ((COUNT, 4, "\xff" * 4),),
     "form: a head of 4294967295 bytes is too long"),
    ("long head", "4096 bytes at most", ((COUNT, 4, "\0\0\x10\1"),),
     "form: a head of 4097 bytes is too long"),
    ("head beyond the file", "it is cut", ((HEAD - 1, 99999, ""),),
     f"form: a head of {HEAD - COUNT - 4} bytes is too long"),
    ("shorter head", "it is cut", ((COUNT + 3, 1, chr(LOW - 1)),), SPELLING),
    ("longer head", "a byte of the ciphertext", ((COUNT + 3, 1, chr(LOW + 1)),), SPELLING),
    ("space in the head", "one spelling", ((COUNT + 3, 1, chr(LOW + 1)), (HEAD - 1, 0, " ")),
     SPELLING),
    ("byte more", "of no class", ((HEAD, 0, "x"),),
     "form: a ciphertext of 4113 bytes is of no size class"),
    ("byte less", "of no class", ((-1, 1, ""),),
     "form: a ciphertext of 4111 bytes is of no size class"),
    ("byte of the length", "the first", ((HEAD, 1, chr(DOCUMENT.ciphertext[0] ^ 1)),), CIPHERTEXT),
    ("byte of the tag", "its last", ((-1, 1, chr(DOCUMENT.ciphertext[-1] ^ 1)),), CIPHERTEXT),
)  # fmt: skip


def documents() -> Iterator[Object]:
    """Yield the vectors."""
    for name, why, forged in OPENED:
        length = int.from_bytes(forged.input[:4])
        ok = {"plaintext": b64url(forged.input[4 : 4 + length])}
        yield accepted(name, why, document(forged), ok)
    for name, why, edits, says in EDITED:
        given = opening(DOCUMENT, of="document", edits=edits)
        yield refused(name, why, given, says)
    yield from _of_others()
    yield from _in_the_other_form()
    yield from _for_two_keys()


def _of_others() -> Iterator[Object]:
    hidden = DOCUMENT.input[:-1] + b"\1"
    fourth = Forged.of(b"", **DRAWING | {"resource": "doc/4"})
    for name, why, forged, says in (
        ("power of two", "no class of 5004 bytes", Forged.of(b"x" * 5000, 8192, **DRAWING),
         WRONG_CLASS),
        ("hidden byte", "nothing hides there",
         Forged(header=DOCUMENT.header, input=hidden, secret=DOCUMENT.secret), NO_ZEROS),
        ("another number", "not what was asked for", fourth, HEADER),
    ):  # fmt: skip
        yield refused(name, why, document(forged, expected=DOCUMENT.expected), says)


def _in_the_other_form() -> Iterator[Object]:
    as_json = jcs(DOCUMENT.members)
    given = opening(DOCUMENT, file=b64url(as_json))
    says = "form: a document is in the form of a payload"
    yield refused("document as JSON", "one form each", given, says)
    head = {name: value for name, value in PAYLOAD.members.items() if name != "ciphertext"}
    given = opening(PAYLOAD, file=b64url(document_of(head, PAYLOAD.ciphertext)))
    says = "form: a payload is in the form of a document"
    yield refused("payload as document", "one form each", given, says)


def _for_two_keys() -> Iterator[Object]:
    made = salamander(DOCUMENT)
    given = opening(DOCUMENT, file=b64url(made.file))
    why = "the tag holds for two keys"
    yield accepted("first of two keys", why, given, {"plaintext": b64url(made.plaintext)})
    second = given | {"contentKey": b64url(made.second_key)}
    yield refused("second of two keys", f"{why}, the commitment for one", second, COMMITMENT)
