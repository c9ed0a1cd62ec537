"""What vectors are made of: samples, edits, expectations."""

from tests.forge_sealed import BATTERY, MODEL, Forged, Object, b64url

Edit = tuple[int, int, str]

POINTS = b'{"remainingCapacity":{"unit":"Ah","value":"97.4"}}'
PAYLOAD = Forged.of(POINTS)
MODEL_MEMBERS = {"passport": MODEL, "level": "model", "group": "xiii-2", "version": 2}
DRAWING = MODEL_MEMBERS | {"version": 0, "resource": "doc/3"}
DOCUMENT = Forged.of(b"%PDF-1.7 a drawing", **DRAWING)
OTHER_BATTERY = BATTERY[:-1] + "4"

HEADER = "header: "
COMMITMENT = "commitment: the file was sealed with another content key"
CIPHERTEXT = "ciphertext: the ciphertext was changed"
TOO_LONG = "padding: the length is more than there is"
WRONG_CLASS = "padding: the size is not the class of the length"
NO_ZEROS = "padding: the padding is not zeros"
CONTENT = "content: the payload is no canonical JSON object"
NO_HEADER = "form: its members are not those of a header"
NO_BASE64URL = "is not base64url"


def accepted(name: str, why: str, given: Object, ok: object) -> Object:
    return {"name": name, "why": why, "input": given, "expect": {"ok": ok}}


def refused(name: str, why: str, given: Object, says: str) -> Object:
    expect = {"error": "VerificationError", "says": says}
    return {"name": name, "why": why, "input": given, "expect": expect}


def opening(forged: Forged, *, expected: Object | None = None, **file: object) -> Object:
    """Return the input of who opens a file: the file, its content key, what was asked for."""
    key = b64url(forged.content_key)
    return {**file, "contentKey": key, "expected": expected or forged.expected}


def payload(forged: Forged, *, expected: Object | None = None) -> Object:
    return opening(forged, expected=expected, file=forged.payload.decode())


def document(forged: Forged, *, expected: Object | None = None) -> Object:
    return opening(forged, expected=expected, file=b64url(forged.document))


def edit(text: str, old: str, new: str) -> Edit:
    """Return what makes `new` of `old`, which stands once in a text; as little as possible."""
    assert text.count(old) == 1, old
    same = next(n for n in range(len(old) + 1) if old[: n + 1] != new[: n + 1])
    return text.index(old) + same, len(old) - same, new[same:]


def other(text: str, at: int) -> str:
    """Return a text with another character of base64url at a place."""
    at %= len(text)
    return text[:at] + ("A" if text[at] != "A" else "E") + text[at + 1 :]
