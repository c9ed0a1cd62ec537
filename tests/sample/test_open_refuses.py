"""What was altered of the sample's sealed files is refused, and nothing of it released.

The forger here holds the issuer's key too, so that its passports bind what it altered: every check
behind the digest must hold by itself.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import canonical_json
from passport.encoding.multibase import digest_multibase
from passport.encoding.timestamp import parse_time
from passport.registry import Group
from passport.signing.proof import sign
from tests import forge
from tests.escrowed import RECIPIENTS, Escrow
from tests.foreign_node import Object
from tests.forge_sealed import Forged, jcs, padded
from tests.opener import opened, refused, run_opener
from tests.restricted_site import key_of
from tests.sample.conftest import Sample
from tests.stock_age import Identity

MODEL = "01_09506000134352"
BATTERY = f"{MODEL}_21_T48L2611-0005"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of what an opener needs of two products, and who holds the issuer's key can lie."""

    site: Path

    def passport(self, dpp_id: str) -> Object:
        return dict(json.loads((self.site / f"dpp/{dpp_id}/passport.json").read_bytes()))

    def bound(self, dpp_id: str, part: str) -> Path:
        """The sealed file of a passport whose address has this part."""
        related = self.passport(dpp_id)["relatedResource"]
        found = next(each["id"] for each in related if part in each["id"])
        return self.site / str(found).removeprefix("https://id.example.com/")

    def rebind(self, dpp_id: str, path: Path, *, instead_of: str = "") -> None:
        """Sign the passport anew, so that it binds the altered file."""
        document = self.passport(dpp_id)
        created = parse_time(document.pop("proof")["created"])
        url = f"https://id.example.com/{path.relative_to(self.site).as_posix()}"
        for each in document["relatedResource"]:
            if each["id"] in (url, instead_of):
                each |= {"id": url, "digestMultibase": digest_multibase(path.read_bytes())}
        method = f"{forge.DID}#issuing-1"
        signer = forge.signer_named("issuing-1")
        signed = sign(document, signer, created=created, verification_method=method)
        (self.site / f"dpp/{dpp_id}/passport.json").write_bytes(canonical_json(signed))


@pytest.fixture
def copy(sample: Sample, tmp_path: Path) -> Copy:
    for name in (".well-known", f"dpp/{MODEL}", f"dpp/{BATTERY}"):
        shutil.copytree(sample.site / name, tmp_path / "copy" / name)
    return Copy(tmp_path / "copy")


def test_an_altered_byte_is_refused_by_the_digest(copy: Copy, escrow: Escrow) -> None:
    for dpp_id, part in ((BATTERY, "xiii-4"), (MODEL, "/doc/"), (MODEL, "xiii-3")):
        path = copy.bound(dpp_id, part)
        right = path.read_bytes()
        for at in (0, 40, len(right) // 2, len(right) - 1):
            path.write_bytes(right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :])
            last, before = refused(copy.site, escrow.all)
            assert last["why"] == "digest"
            assert not any(each["path"] == last["refused"] for each in before)
        path.write_bytes(right)
    assert opened(copy.site, escrow.all)


def _members(content: bytes, **members: object) -> bytes:
    return jcs({**json.loads(content), **members})


def _flipped(content: bytes, name: str) -> bytes:
    """Another first character of a member in base64url."""
    text = json.loads(content)[name]
    return _members(content, **{name: ("A" if text[0] != "A" else "B") + text[1:]})


LIES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "v": (lambda file: _members(file, v=2), "form"),
    "passport": (lambda file: _members(file, passport=BATTERY[:-1] + "6"), "header"),
    "level": (lambda file: _members(file, level="model"), "form"),
    "group": (lambda file: _members(file, group="xiii-2"), "form"),
    "version": (lambda file: _members(file, version=2), "header"),
    "resource": (lambda file: _members(file, resource="doc/1"), "form"),
    "epoch": (lambda file: file.replace(b"/2026a/", b"/2026b/"), "sealed"),
    "salt": (lambda file: _flipped(file, "salt"), "commitment"),
    "commitment": (lambda file: _flipped(file, "commitment"), "commitment"),
    "ciphertext": (lambda file: _flipped(file, "ciphertext"), "ciphertext"),
    "cut": (lambda file: _members(file, ciphertext=json.loads(file)["ciphertext"][:-4]), "form"),
    "member": (lambda file: _members(file, note="x"), "form"),
    "spelling": (lambda file: json.dumps(json.loads(file)).encode(), "form"),
}
"""What becomes of the payload of a battery, and the check that refuses it."""


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_a_passport_binds_is_refused_all_the_same(
    copy: Copy, escrow: Escrow, lie: str
) -> None:
    path = copy.bound(BATTERY, "xiii-4")
    change, check = LIES[lie]
    path.write_bytes(change(path.read_bytes()))
    copy.rebind(BATTERY, path)
    _refuses(copy, escrow, path, check)


def _refuses(copy: Copy, escrow: Escrow, path: Path, check: str) -> None:
    if check == "sealed":
        (line,) = [
            each for each in opened(copy.site, escrow.all) if str(path).endswith(each["path"])
        ]
        assert line == {"path": line["path"], "sealed": True}, "nobody has a key of that name"
        return
    last, before = refused(copy.site, escrow.all)
    assert last.keys() == {"refused", "why"}
    assert str(path).endswith(last["refused"])
    assert last["why"].split(":")[0] == check
    assert not any(str(path).endswith(each["path"]) for each in before)


SECRET_TEXT = b'{"batteryStatus":{"value":"waste, told to nobody"}}'
INSIDE: dict[str, tuple[Callable[[Forged], bytes], str]] = {
    "length": (lambda it: _inside(it, (4000).to_bytes(4) + it.input[4:]), "content"),
    "too long": (lambda it: _inside(it, (4093).to_bytes(4) + it.input[4:]), "padding"),
    "padding": (lambda it: _inside(it, it.input[:-1] + b"\1"), "padding"),
    "another class": (lambda it: _inside(it, padded(SECRET_TEXT, 8192)), "padding"),
    "no JSON": (lambda it: _inside(it, padded(b"told to nobody", 4096)), "content"),
}


def _inside(forged: Forged, whole: bytes) -> bytes:
    return Forged(header=forged.header, input=whole, secret=forged.secret).payload


@pytest.mark.parametrize("lie", INSIDE)
def test_a_lie_inside_is_refused_too(copy: Copy, escrow: Escrow, lie: str) -> None:
    path = copy.bound(BATTERY, "xiii-4")
    members = json.loads(path.read_bytes())
    header = {name: members[name] for name in members if name not in ("ciphertext", "commitment")}
    secret = _secret("xiii-4", escrow)
    change, check = INSIDE[lie]
    path.write_bytes(change(Forged(header=header, input=padded(SECRET_TEXT, 4096), secret=secret)))
    copy.rebind(BATTERY, path)
    _refuses(copy, escrow, path, check)


def _secret(group: str, escrow: Escrow) -> bytes:
    (key,) = json.loads(escrow[group].read_bytes())["keys"]
    assert key["id"] == str(key_of(Group(group)).key_id)
    return from_base64url(key["key"])


OTHERS = {
    "passport": (f"dpp/{BATTERY[:-1]}6/sealed/xiii-4/1.json", BATTERY, "xiii-4"),
    "group": (f"dpp/{MODEL}/sealed/xiii-2/1.json", MODEL, "xiii-3"),
    "version": (f"dpp/{BATTERY}/sealed/xiii-4/1.json", BATTERY, "xiii-4"),
    "level": (f"dpp/{BATTERY}/sealed/xiii-4/1.json", MODEL, "xiii-2"),
}
"""The file that is put in the place of another: its path on the sample, and whose place."""


@pytest.mark.parametrize("of_another", OTHERS)
def test_a_file_of_another_is_refused(
    sample: Sample, copy: Copy, escrow: Escrow, of_another: str
) -> None:
    source, dpp_id, part = OTHERS[of_another]
    path = copy.bound(dpp_id, part)
    url = f"https://id.example.com/{path.relative_to(copy.site).as_posix()}"
    if of_another == "version":
        path = path.with_name("2.json")
    path.write_bytes((sample.site / source).read_bytes())
    copy.rebind(dpp_id, path, instead_of=url)
    _refuses(copy, escrow, path, "header")


def test_the_right_name_with_another_key_opens_nothing(sample: Sample, escrow: Escrow) -> None:
    """A key file that lies about its key is refused at once, and the escrow of others by age."""
    keys = json.loads(escrow["xiii-3"].read_bytes())
    keys["keys"][0]["key"] = base64url(bytes(32))
    path = escrow.folder / "lie.json"
    path.write_text(json.dumps(keys))
    done = run_opener(sample.site, path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "is not the name of its key" in done.stderr
    stranger = Identity.fresh(escrow.folder / "stranger.txt")
    for group in RECIPIENTS:
        failed = stranger.opens(escrow.folder / f"{group}.age")
        assert (failed.returncode, failed.stdout) == (1, b"")
