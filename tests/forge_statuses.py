"""Makes the vectors of status lists: packed bits, a passport's status, and signed lists."""

import base64
import zlib
from collections.abc import Iterator
from random import Random

from tests import forge
from tests.forge_trees import Object, line, refused

SITE = "https://id.example.com"
LIST = f"{SITE}/status/1/revocation/0"
W3C_EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""The list without a bit set that the specification shows."""


def bits(*positions: int, count: int = 131_072) -> bytes:
    """Return bits from the left: position 0 is the highest of the first byte."""
    text = "".join("1" if n in positions else "0" for n in range(count))
    return int(f"1{text}", 2).to_bytes(count // 8 + 1, "big")[1:]


def multibase(data: bytes) -> str:
    return f"u{base64.urlsafe_b64encode(data).decode().rstrip('=')}"


def gzipped(data: bytes) -> bytes:
    # Not by `gzip`, whose header differs between versions of Python.
    packed = zlib.compress(data, 9, wbits=-15)
    check = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return bytes.fromhex("1f8b08000000000002ff") + packed + check


def packed(data: bytes) -> str:
    return multibase(gzipped(data))


def encoded_vectors() -> Iterator[Object]:
    scattered = sorted(Random(5).sample(range(131_072), 40))
    for name, why, positions in (
        ("none", "an index that was never withdrawn", []),
        ("first", "the highest bit of the first byte", [0]),
        ("last", "the lowest bit of the last byte", [131_071]),
        ("42", "bit 5 of byte 5", [42]),
        ("scattered", "forty of them", scattered),
    ):
        given = {"encodedList": packed(bits(*positions))}
        yield line(name, why, given, {"ok": positions})
    yield line("W3C's", "Bitstring Status List, 2.2", {"encodedList": W3C_EMPTY}, {"ok": []})
    whole = gzipped(bits())
    unsized = gzipped(bytes(10_000_000))
    zlibbed = b"x\xda" + whole[10:-8] + zlib.adler32(bits()).to_bytes(4)
    for name, why, text, says in (
        ("gzip bomb", "attack 23: 10 MB", multibase(unsized), "more than 131072 bits"),
        ("one byte more", "attack 23", packed(bits() + b"\0"), "more than 131072 bits"),
        ("one byte less", "attack 23", packed(bits()[:-1]), "131064 bits, not 131072"),
        ("no bits", "attack 23", packed(b""), "0 bits, not 131072"),
        ("not packed", "bits themselves", multibase(b"\0" * 64), "not packed with gzip"),
        ("zlib", "another frame", multibase(zlibbed), "not packed with gzip"),
        ("cut", "the check is missing", multibase(whole[:-8]), "is cut, or something follows"),
        ("cut in the check", "half of it", multibase(whole[:-4]), "is cut, or something follows"),
        ("bytes behind", "something follows", multibase(whole + b"\0"), "something follows"),
        ("two members", "gzip allows them", multibase(whole + whole), "something follows"),
        ("check wrong", "damaged", multibase(whole[:-8] + bytes(8)), "not packed with gzip"),
        ("without u", "no multibase", packed(bits())[1:], "base64url"),
        ("another base", "z is base58", f"z{packed(bits())[1:]}", "is not multibase base64url"),
        ("padded", "no padding", f"{packed(bits())}=", "base64url"),
        ("base64", "another alphabet", W3C_EMPTY.replace("-", "+"), "base64url"),
        ("white space", "one spelling", f"{W3C_EMPTY} ", "base64url"),
        ("not ASCII", "one alphabet", f"{W3C_EMPTY}é", "base64url"),
        ("nothing", "no list", "", "base64url"),
        ("only u", "no bytes", "u", "is cut, or something follows"),
    ):
        yield line(name, why, {"encodedList": text}, refused(says))


def entry(number: int = 0, position: str = "42") -> Object:
    address = f"{SITE}/status/1/revocation/{number}"
    return {
        "id": f"{address}#{position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": position,
        "statusListCredential": address,
    }


def entry_vectors() -> Iterator[Object]:
    for number, position in ((0, 0), (0, 131_071), (1, 0), (7, 82_496)):
        ok = {"generation": 1, "index": number * 131_072 + position}
        given = entry(number, str(position))
        yield line(f"{position} of list {number}", "DESIGN 5", given, {"ok": ok})
    for name, why, changes, says in (
        ("131072", "attack 23: out of range", {"statusListIndex": "131072"}, "is no position"),
        ("negative", "attack 23", {"statusListIndex": "-1"}, "is no position"),
        ("leading zero", "attack 23", {"statusListIndex": "042"}, "is no position"),
        ("plus", "one spelling", {"statusListIndex": "+42"}, "is no position"),
        ("space", "one spelling", {"statusListIndex": " 42"}, "is no position"),
        ("fraction", "one spelling", {"statusListIndex": "42.0"}, "is no position"),
        ("hexadecimal", "one spelling", {"statusListIndex": "0x2a"}, "is no position"),
        ("other digits", "ASCII only", {"statusListIndex": "٤٢"}, "is no position"),
        ("huge", "bounded", {"statusListIndex": "9" * 5000}, "is no position"),
        ("a number", "the specification says text", {"statusListIndex": 42}, "is not a text"),
        ("no index", "no bit", {"statusListIndex": None}, "is missing"),
        ("another index in id", "both say one bit", {"statusListIndex": "43"}, "its id is"),
        ("suspension", "attack 23: purpose", {"statusPurpose": "suspension"}, "its purpose is"),
        ("no purpose", "attack 23: purpose", {"statusPurpose": None}, "is missing"),
        ("other type", "another method", {"type": "StatusList2021Entry"}, "its type is"),
        ("size of two", "no status message is ours", {"statusSize": 2}, "is not known here"),
    ):
        yield line(name, why, forge.changed(entry(), changes), refused(says))
    for name, address in {
        "list of another site": "https://evil.example/status/1/revocation/0",
        "list of a longer host": f"{SITE}.evil.example/status/1/revocation/0",
        "list over http": "http://id.example.com/status/1/revocation/0",
        "list of another purpose": f"{SITE}/status/1/suspension/0",
        "list of generation 0": f"{SITE}/status/0/revocation/0",
        "list number with a zero": f"{SITE}/status/1/revocation/00",
        "list number negative": f"{SITE}/status/1/revocation/-1",
        "list with a query": f"{LIST}?x",
        "list with a fragment": f"{LIST}#x",
        "list with a slash": f"{LIST}/",
        "list with dots": f"{SITE}/status/1/revocation/../0",
        "list with newline": f"{LIST}\n",
    }.items():
        changes = {"statusListCredential": address, "id": f"{address}#42"}
        lie = forge.changed(entry(), changes)
        yield line(name, "attack 23: list of another issuer", lie, refused("is no status list of"))


def document(changes: Object | None = None) -> Object:
    credential: Object = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": forge.DID,
        "validFrom": "2026-02-18T09:30:00Z",
        "validUntil": "2046-02-18T09:30:00Z",
        "credentialSubject": {
            "id": f"{LIST}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": packed(bits(42)),
        },
    }
    return forge.changed(credential, changes or {})


def signed(unsigned: Object, signer: str = "issuing-1", options: Object | None = None) -> Object:
    return {**unsigned, "proof": forge.forged_proof(unsigned, signer, options or {})}


def credential_vectors() -> Iterator[Object]:
    ok = {"ok": {"revoked": [42], "validUntil": "2046-02-18T09:30:00Z"}}
    yield asked("signed", "as a build signs it", signed(document()), ok)
    yield asked("after rotation", "the newer key", signed(document(), "issuing-2"), ok)
    for name, why, changes, says in lies():
        yield asked(name, why, signed(document(changes)), refused(says))
    subject = document()["credentialSubject"] | {"encodedList": packed(bits())}
    freed = signed(document()) | {"credentialSubject": subject}
    yield asked("bit cleared", "who hosts it can't", freed, refused("signature: "))
    later = signed(document()) | {"validUntil": "2056-02-18T09:30:00Z"}
    yield asked("validity lengthened", "who hosts it can't", later, refused("signature: "))
    yield asked("unsigned", "nobody says so", document(), refused("proof: the document is not"))
    attacker = signed(document(), "attacker")
    yield asked("by an unknown key", "attack 7", attacker, refused("method: "))
    checkpoint = signed(document(), "checkpoint-1")
    yield asked("by the log's key", "a key has one purpose", checkpoint, refused("authorised: "))
    revoked = signed(document(), "issuing-3")
    yield asked("by a revoked key", "it signs nothing more", revoked, refused("authorised: "))
    types = ["VerifiableCredential", "DigitalProductPassport", "BatteryPassport"]
    passport = signed(document({"type": types}))
    yield asked("a passport", "another document of the issuer", passport, refused("form: "))


def lies() -> Iterator[tuple[str, str, Object, str]]:
    yield "another issuer", "attack 23", {"issuer": "did:web:evil.example"}, "issuer: "
    yield "no issuer's DID", "attack 23", {"issuer": "id.example.com"}, "issuer: "
    yield "another list", "attack 23", {"id": f"{SITE}/status/1/revocation/1"}, "place: its id"
    other = {"credentialSubject.id": f"{SITE}/status/1/revocation/1#list"}
    yield "subject of another list", "attack 23", other, "place: its list's id"
    suspension = {"credentialSubject.statusPurpose": "suspension"}
    yield "another purpose", "attack 23", suspension, "place: its purpose"
    no_end = {"validUntil": None}
    yield "without end", "it would hide what came later", no_end, "validity: member 'validUntil'"
    yield "without begin", "it says no time", {"validFrom": None}, "validity: member 'validFrom'"
    before = {"validUntil": "2026-02-18T09:30:00Z"}
    yield "ends as it begins", "no time at all", before, "validity: it is valid until"
    loose = {"validUntil": "2046-02-18"}
    yield "a day for a time", "one spelling", loose, "validity: '2046-02-18' is no point in time"
    yield "another type", "no list", {"type": ["VerifiableCredential"]}, "form: it is no status"
    old = {"credentialSubject.type": "StatusList2021"}
    yield "another kind of list", "an older method", old, "form: its list's type"
    appended = [*document()["@context"], "https://evil.example/ctx"]
    yield "context appended", "attack 4", {"@context": appended}, "form: it is no status list"
    yield "another member", "nobody would read it", {"ttl": 60}, "form: member 'ttl'"
    sized = {"credentialSubject.statusSize": 2}
    yield "two bits a status", "ours have one", sized, "form: member 'statusSize'"
    empty: Object = {"credentialSubject": None}
    yield "no subject", "no list", empty, "form: 'credentialSubject'"
    short = {"credentialSubject.encodedList": packed(bits()[:-1])}
    yield "shorter than 16 KB", "attack 23, signed", short, "list: the list has 131064 bits"
    bomb = {"credentialSubject.encodedList": packed(bytes(1_000_000))}
    yield "gzip bomb", "attack 23, signed", bomb, "list: the list has more than 131072 bits"


def asked(name: str, why: str, credential: Object, expect: Object) -> Object:
    """Return a vector: the list at `LIST` was asked for, its issuer's document is at hand."""
    given = {"url": LIST, "document": credential, "didDocument": forge.issuer()}
    return line(name, why, given, expect)
