"""Which test holds which attack on identities, by its number, where there is something to attack.

An attack has tests named after its row in this folder, or it stands in `ELSEWHERE`: the names of
vectors that are refused by their file, or those of tests by theirs. Left out are row 12 (vc+jwt,
which is not made or read), 18 (the log's), and the groups status and log.
"""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.vectors import load_vectors

TESTS = Path(__file__).parents[1]
ROWS = {*range(1, 12), *range(13, 18), *range(19, 23), *range(29, 34)}

ELSEWHERE: dict[int, dict[str, tuple[str, ...]]] = {
    1: {"proof/documents": ("proof removed",), "credential/documents": ("unsigned",)},
    2: {"proof/documents": ("proof emptied", "no proofs", "good and bad proof")},
    3: {"proof/documents": ("proof of the next version", "proof of a battery on its model")},
    4: {
        "proof/documents": ("context appended", "context reordered", "context replaced in both"),
        "credential/documents": ("context appended and signed", "contexts reordered and signed"),
    },
    5: {
        "proof/documents": (
            "purpose changed", "created changed", "suite changed", "expires added and signed",
            "expired key",
        ),
    },
    6: {"proof/documents": ("type Ed25519Signature2020", "suite rdfc")},
    7: {
        "proof/documents": (
            "key of another DID", "longer DID", "path below the DID", "did:key of the attacker",
        ),
        "credential/documents": ("issuer of another site",),
    },
    8: {"proof/documents": ("only for authentication", "checkpoint key")},
    9: {
        "proof/documents": (
            "two methods of one id", "relative method id", "relative key",
            "method of another controller",
        ),
    },
    10: {
        "proof/documents": (
            "Multikey of P-256", "Multikey of X25519", "Multikey of 31 bytes",
            "Multikey of 33 bytes", "Multikey of small order",
        ),
        "passport/signing/test_ed25519.py": ("test_a_key_of_small_order_is_refused",),
    },
    11: {
        "proof/documents": (
            "proof value no base58", "proof value short", "proof value long",
            "proof value in base64url", "S + L", "R of small order", "R of mixed order",
        ),
    },
    13: {"sample/test_pages.py": ("test_every_page_shows_what_was_signed",)},
    14: {"strict_json/values": ("member twice", "member twice, escaped", "member twice, deep")},
    15: {
        "strict_json/values": (
            "NaN", "minus zero", "beyond a double", "2^53", "one point zero", "trailing zero",
        ),
    },
    16: {
        "strict_json/values": ("high surrogate alone", "surrogate in a name"),
        "proof/documents": ("text decomposed", "member __proto__ added"),
        "passport/encoding/test_strict_json.py": (
            "test_members_beyond_the_bmp_are_ordered_by_utf_16_units",
        ),
    },
    17: {
        "strict_json/values": (
            "byte-order mark", "trailing bytes", "65 levels", "5 MB of brackets", "17 MB",
        ),
    },
    19: {
        "passport/did/test_did_webvh.py": ("test_a_rollback_and_a_fork_are_refused",),
        "did_webvh/logs": (
            "chained to another entry", "middle entry edited", "time of before", "same time",
            "pre-rotation omitted", "next key hashes omitted", "SCID of another first entry",
            "duplicate witnesses", "witness threshold zero", "witnesses later",
            "method changed later",
        ),
        "test_foreign.py": ("test_did_webvh_on_logs",),
    },
    20: {
        "did_web/dids": (
            "dot segments", "encoded dot segments", "encoded slash", "encoded backslash",
            "encoded NUL", "empty segment", "user name", "query", "fragment", "line feed",
            "carriage return in a segment", "lower-case %3a", "port 0", "port 99999",
            "decimal address", "hexadecimal address", "octal address", "encoded address",
            "IPv6 address", "localhost", "IDN", "mixed scripts", "false A-label",
        ),
    },
    21: {
        "proof/documents": ("document of another DID",),
        "did_webvh/logs": ("document of did:web",),
    },
    29: {
        "identifiers/gtin": ("wrong check digit", "GTIN-13"),
        "identifiers/product_uri": (
            "trailing slash", "double slash inside", "serial of 21 characters",
            "lower-case encoded slash", "encoded slash", "serial of one dot", "serial of two dots",
            "look-alike host", "longer host",
        ),
        "identifiers/serial": ("CON", "index"),
        "passport/checks/test_collisions.py": ("test_serials_of_one_model",),
    },
    30: {
        "generator/test_serve.py": ("test_whatever_is_no_url_of_the_site_is_the_404_page",),
        "generator/read/test_passport.py": ("test_an_unknown_serial_has_no_passport",),
    },
    32: {
        "generator/keys/test_no_key_in_git.py": (
            "test_this_repository_tracks_no_private_key",
            "test_a_site_with_keys_of_its_own_tracks_none",
        ),
    },
}  # fmt: skip


@cache
def names_in(file: Path) -> frozenset[str]:
    """Return the names of a file's tests."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in functions if name.startswith("test_"))


@cache
def refused(kind: str, case: str) -> frozenset[str]:
    """Return the names of the vectors of a file that must be refused."""
    return frozenset(vector.name for vector in load_vectors(kind, case) if vector.error)


def named_here() -> Counter[int]:
    """Count the tests of this folder by the row in their name."""
    names = [name for file in Path(__file__).parent.glob("test_*.py") for name in names_in(file)]
    numbers = (re.match(r"test_([0-9]{2})_", name) for name in names)
    return Counter(int(number[1]) for number in numbers if number)


def test_every_attack_has_a_test() -> None:
    assert {*named_here(), *ELSEWHERE} == ROWS


@pytest.mark.parametrize(
    ("row", "place", "name"),
    [
        (row, place, name)
        for row, places in ELSEWHERE.items()
        for place, names in places.items()
        for name in names
    ],
)
def test_what_is_elsewhere_is_there(row: int, place: str, name: str) -> None:
    is_test = place.endswith(".py")
    assert name in (names_in(TESTS / place) if is_test else refused(*place.split("/"))), row
