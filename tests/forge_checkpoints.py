"""Makes the vectors of checkpoints, verifier keys and log entries.

Notes are put together here, line by line, and signed by demo keys; a forger has those of others.
"""

import base64
from collections.abc import Iterator
from hashlib import sha256

from passport.signing.keys import KeyId, SeedSigner, demo_secret, demo_signer
from tests import naive_tree
from tests.forge_tiles import entry
from tests.forge_trees import Object, line, refused

ORIGIN = "id.example.com/log/1"
OURS = demo_signer(KeyId.parse("checkpoint-1"))
NEXT = demo_signer(KeyId.parse("checkpoint-2"))
ATTACKER = SeedSigner(demo_secret("attacker"))
ROOT = base64.b64encode(naive_tree.root([entry(n) for n in range(5)])).decode()
TEXT = f"{ORIGIN}\n5\n{ROOT}\n"
DIGEST = "uEiDOLsBQgnfqfVTfEVYXhqS3u4IyqMb7n-Ie8XeMCUIgOQ"


def key_id(name: str, signer: SeedSigner) -> bytes:
    return sha256(name.encode() + b"\n\x01" + signer.public_key.raw).digest()[:4]


def vkey(name: str = ORIGIN, signer: SeedSigner = OURS, kind: bytes = b"\1") -> str:
    material = base64.b64encode(kind + signer.public_key.raw).decode()
    return f"{name}+{key_id(name, signer).hex()}+{material}"


def signed_by(
    text: str, signer: SeedSigner = OURS, name: str = ORIGIN, known_as: bytes = b""
) -> str:
    """Return a signature line; `known_as` is a key id that isn't the signer's own."""
    content = (known_as or key_id(name, signer)) + signer.sign(text.encode())
    return f"— {name} {base64.b64encode(content).decode()}\n"


def note(text: str, *lines: str) -> str:
    return f"{text}\n{''.join(lines) or signed_by(text)}"


def witness(number: int) -> str:
    """Return a line by somebody whom nobody knows, of a kind that nobody knows."""
    content = base64.b64encode(bytes([number]) * 76).decode()
    return f"— witness{number}.example {content}\n"


def sound_notes() -> Iterator[tuple[str, str, str]]:
    ours = signed_by(TEXT)
    yield "one signature", "as a build signs it", note(TEXT)
    yield "cosigned", "witnesses' lines are not judged", note(TEXT, ours, witness(1), witness(2))
    yield "cosigned first", "lines have no order", note(TEXT, witness(1), ours)
    most = [witness(n) for n in range(15)]
    yield "16 signatures", "as many as must be read", note(TEXT, ours, *most)
    same_name = signed_by(TEXT, ATTACKER)
    yield "our name, another id", "an unknown key is ignored", note(TEXT, ours, same_name)
    same_id = signed_by(TEXT, ATTACKER, "other.example/log", key_id(ORIGIN, OURS))
    yield "our id, another name", "an unknown key is ignored", note(TEXT, ours, same_id)
    post_quantum = f"— big.example {base64.b64encode(bytes(4 + 4627)).decode()}\n"
    yield "large cosignature", "of a post-quantum kind", note(TEXT, ours, post_quantum)
    marked = f"— a\ufeffb {base64.b64encode(bytes(76)).decode()}\n"
    yield "byte-order mark in a name", "no space to Unicode", note(TEXT, ours, marked)
    empty = f"{ORIGIN}\n0\n{base64.b64encode(naive_tree.root([])).decode()}\n"
    yield "empty log", "it has a root too", note(empty)
    yield "rotated", "the newer key signs", note(TEXT, signed_by(TEXT, NEXT))


def forged_notes() -> Iterator[tuple[str, str, str, str]]:
    other = f"other.example/log/1\n5\n{ROOT}\n"
    yield "other origin", "attack 24", note(other), "whose keys are not at hand"
    theirs = note(other, signed_by(other, OURS, "other.example/log/1"))
    yield "other origin, our key", "attack 24", theirs, "whose keys are not at hand"
    longer = f"{ORIGIN}/\n5\n{ROOT}\n"
    yield "origin with slash", "attack 24", note(longer), "whose keys are not at hand"
    clash = signed_by(TEXT, ATTACKER, known_as=key_id(ORIGIN, OURS))
    yield "key id clash", "attack 24", note(TEXT, clash), "the signature is not by"
    both = note(TEXT, signed_by(TEXT), clash)
    yield "key id clash beside ours", "a known key must not fail", both, "signed it twice"
    yield "attacker", "another key of our name", note(TEXT, signed_by(TEXT, ATTACKER)), "no key of"
    yield "witnesses only", "we did not sign", note(TEXT, witness(1)), "no key of the log"
    grown = TEXT.replace("\n5\n", "\n6\n")
    yield "size changed", "the signature is over another", note(grown, signed_by(TEXT)), "not by"
    many = [signed_by(TEXT), *(witness(n) for n in range(16))]
    yield "17 signatures", "attack 24", note(TEXT, *many), "17 signatures"
    twice = note(TEXT, signed_by(TEXT), signed_by(TEXT))
    yield "signed twice", "one line says it all", twice, "signed it twice"
    for name, why, text, says in forged_texts():
        yield name, why, note(text), says
    for name, why, lines, says in forged_lines():
        yield name, why, f"{TEXT}\n{lines}", says
    yield "no signature", "nobody stands for it", TEXT, "does not end with"
    yield "no signature, empty line", "nobody stands for it", f"{TEXT}\n", "does not end with"
    yield "no text", "only signatures", f"\n\n{signed_by(TEXT)}", "does not end with"
    yield "no separation", "the empty line is missing", f"{TEXT}{signed_by(TEXT)}", "does not end"
    yield "nothing", "an empty file", "", "does not end with"
    byte_order = f"\ufeff{note(TEXT)}"
    yield "byte-order mark", "it belongs to the name", byte_order, "whose keys are not at hand"


def forged_texts() -> Iterator[tuple[str, str, str, str]]:
    for size in ("05", "-5", "+5", " 5", "5 ", "5.0", "5e0", "0x5", "٥", "9007199254740992"):
        text = f"{ORIGIN}\n{size}\n{ROOT}\n"
        yield f"size {size!r}", "attack 24", text, "is not the size"
    yield "size of 5000 digits", "bounded", f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n", "not the size"
    for name, root in {
        "root of 31 bytes": base64.b64encode(bytes(31)).decode(),
        "root of 33 bytes": base64.b64encode(bytes(33)).decode(),
        "root in hex": naive_tree.root([]).hex(),
    }.items():
        yield name, "a root has 32", f"{ORIGIN}\n5\n{root}\n", "is not the root"
    for name, root in {
        "root without padding": ROOT[:-1],
        "root with spare bits": f"{ROOT[:-2]}{chr(ord(ROOT[-2]) + 1)}=",
        "root in base64url": ROOT.replace("+", "-").replace("/", "_") + "_",
        "root with space behind": f"{ROOT} ",
    }.items():
        yield name, "one spelling", f"{ORIGIN}\n5\n{root}\n", "base64"
    wrong = f"{ORIGIN}\n0\n{ROOT}\n"
    yield "empty log with a root", "it has one root only", wrong, "is not the root of a log of 0"
    yield "extension line", "nobody could check it", f"{TEXT}more\n", "it has 4 lines"
    yield "empty line in the text", "attack 24", f"{ORIGIN}\n5\n\n{ROOT}\n", "it has 4 lines"
    yield "empty line behind the text", "attack 24", f"{TEXT}\n", "it has 4 lines"
    yield "empty line in front", "attack 24", f"\n{TEXT}", "it has 4 lines"
    yield "no root", "two lines", f"{ORIGIN}\n5\n", "it has 2 lines"
    yield "no origin", "three lines, one empty", f"\n5\n{ROOT}\n", "or no name"
    for name, character in {"null": "\0", "tab": "\t", "escape": "\x1b", "return": "\r"}.items():
        yield f"{name} in the text", "attack 24", TEXT.replace("\n5", f"{character}\n5"), "control"


def forged_lines() -> Iterator[tuple[str, str, str, str]]:
    ours = signed_by(TEXT)
    encoded = ours.split(" ")[2].strip()
    says = "is no line of a signature"
    yield "hyphen for dash", "U+2014 begins it", ours.replace("—", "-"), says
    yield "two spaces", "one spelling", ours.replace(f" {encoded}", f"  {encoded}"), says
    yield "key without name", "a key has a name", f"—  {encoded}\n", says
    yield "plus in a name", "no key is named so", f"{ours}— a+b {encoded}\n", says
    yield "no-break space in a name", "no key is named so", f"{ours}— a\xa0b {encoded}\n", says
    yield "next line in a name", "a space to Unicode", f"{ours}— a\x85b {encoded}\n", says
    yield "words behind it", "one spelling", ours.replace("\n", " more\n"), says
    yield "return behind it", "a control character", ours.replace("\n", "\r\n"), "control"
    yield "cut", "the last newline is missing", ours[:-1], "does not end with"
    yield "bytes behind it", "no newline ends them", f"{ours}more", "does not end with"
    yield "line behind it", "no signature", f"{ours}more\n", says
    yield "not base64", "one spelling", f"— {ORIGIN} ****\n", "is not base64"
    yield "key id only", "no signature follows", f"— {ORIGIN} AAAAAA==\n", "is empty"
    short = base64.b64encode(key_id(ORIGIN, OURS) + bytes(63)).decode()
    yield "63 bytes", "Ed25519 has 64", f"— {ORIGIN} {short}\n", "has 63 bytes, not 64"
    content = base64.b64decode(encoded)
    flipped = base64.b64encode(content[:-1] + bytes([content[-1] ^ 1])).decode()
    yield "signature changed", "by a bit", f"— {ORIGIN} {flipped}\n", "the signature is not by"


def note_vectors() -> Iterator[Object]:
    keys = [vkey(), vkey(signer=NEXT)]
    for name, why, text in sound_notes():
        _, size, root, *_ = text.split("\n")
        ok = {"origin": ORIGIN, "size": int(size), "root": root}
        yield line(name, why, {"note": text, "keys": keys}, {"ok": ok})
    for name, why, text, says in forged_notes():
        yield line(name, why, {"note": text, "keys": keys}, refused(says))
    none: Object = {"note": note(TEXT), "keys": []}
    yield line("no key", "nobody is believed", none, refused("whose keys are not at hand"))
    mixed: Object = {"note": note(TEXT), "keys": [vkey(), vkey("other.example/log/1")]}
    yield line("keys of two logs", "one is asked", mixed, refused("whose keys are not at hand"))


def vkey_vectors() -> Iterator[Object]:
    good = vkey()
    ok = {"name": ORIGIN, "publicKeyMultibase": OURS.public_key.multikey}
    yield line("verifier key", "signed-note, Signature types", {"vkey": good}, {"ok": ok})
    name, identifier, material = good.split("+", 2)
    longer = base64.b64encode(b"\1" + OURS.public_key.raw + b"\0").decode()
    shorter = base64.b64encode(b"\1" + OURS.public_key.raw[:-1]).decode()
    small = base64.b64encode(b"\1" + bytes(32)).decode()
    for case, why, text, says in (
        ("other id", "it is not the key's", f"{name}+00000000+{material}", "no verifier key"),
        ("id in upper case", "one spelling", f"{name}+{identifier.upper()}+{material}", "no ver"),
        ("witness kind", "a cosignature's key", vkey(kind=b"\4"), "no Ed25519 verifier key"),
        ("key too short", "32 bytes", f"{name}+{identifier}+{shorter}", "is no point"),
        ("key too long", "34 bytes", f"{name}+{identifier}+{longer}", "is no point"),
        ("key of small order", "it signs all", f"{name}+{identifier}+{small}", "is no point"),
        ("no name", "a key has one", vkey(""), "no name of a key"),
        ("space in the name", "no note has it", vkey("a b"), "no name of a key"),
        ("no id", "two parts", f"{name}+{material}", "verifier key"),
        ("not base64", "one spelling", f"{name}+{identifier}+*", "is not base64"),
        ("newline behind", "one spelling", f"{good}\n", "base64"),
        ("nothing", "no key", "", "no Ed25519 verifier key"),
    ):
        yield line(case, why, {"vkey": text}, refused(says))


def entry_vectors() -> Iterator[Object]:
    for name in ("passport", "did-log", "status-list", "manifest", "bundle", "escrow", "audit"):
        text = f'{{"digest":"{DIGEST}","type":"{name}"}}'
        ok = {"type": name, "digest": DIGEST}
        yield line(name, "DESIGN 5", {"entry": text}, {"ok": ok})
    good = f'{{"digest":"{DIGEST}","type":"passport"}}'
    for name, why, text, says in (
        (
            "unknown type",
            "no reader knows it",
            good.replace("passport", "note"),
            "no entry of ours",
        ),
        ("type a number", "it is a word", good.replace('"passport"', "1"), "no entry of ours"),
        ("order", "canonical JSON", f'{{"type":"passport","digest":"{DIGEST}"}}', "no entry of"),
        ("white space", "canonical JSON", good.replace(":", ": "), "no entry of ours"),
        ("another member", "nothing more is logged", good.replace("}", ',"x":1}'), "no entry of"),
        ("no digest", "nothing is said", '{"type":"passport"}', "no entry of ours"),
        ("digest twice", "readers differ", good.replace("{", f'{{"digest":"{DIGEST}",'), "twice"),
        ("escaped", "canonical JSON", good.replace("pass", "\\u0070ass"), "no entry of ours"),
        ("list", "no object", "[]", "the document is no object"),
        ("not JSON", "a passport's text", "passport", "line 1, column 1"),
        ("empty", "no bytes", "", "line 1, column 1"),
        ("huge", "bounded", good + " " * 300, "more than the 256 allowed"),
        ("newline behind", "canonical JSON", f"{good}\n", "no entry of ours"),
        ("digest cut", "46 characters", good.replace(DIGEST, DIGEST[:-1]), "is no digest"),
        ("digest longer", "48", good.replace(DIGEST, f"{DIGEST}A"), "is no digest"),
        ("digest with spare bits", "B for A", good.replace("OQ", "OR"), "is no digest"),
        ("digest in base58", "another base", good.replace("uEiD", "zQmD"), "is no digest"),
        ("digest in base64", "another alphabet", good.replace("-Ie", "+Ie"), "is no digest"),
        ("digest of SHA-512", "another kind", good.replace("uEiD", "uE0D"), "is no digest"),
        ("digest with newline", "one spelling", good.replace("OQ", "OQ\\n"), "is no digest"),
    ):
        yield line(name, why, {"entry": text}, refused(says))
