"""docs/formats.md: its examples are the program's, and it tells of every check by its name."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from generator.read.passport import Verdict
from passport.context import context_path
from passport.credential import PassportCheck
from passport.life.events import Kind
from passport.log.checkpoint import LogKey, verify_checkpoint
from passport.log.entry import EntryType
from passport.log.merkle import leaf_hash, root_of
from passport.schema import schema_path
from passport.sealing.sealed_header import SealedCheck
from passport.signing.keys import Purpose
from passport.signing.proof import Check
from passport.status_list import StatusCheck
from tests.forge_sealed import Forged, key_id, padded

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/formats.md").read_text("utf-8")


def test_the_examples_are_what_the_program_makes() -> None:
    printed = subprocess.run(
        [sys.executable, "docs/print_formats.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == PAGE, "run `make docs`"


@pytest.mark.parametrize(
    ("heading", "checks"),
    [
        ("The passport", PassportCheck),
        ("The proof", Check),
        ("Status lists", StatusCheck),
        ("Sealed files", SealedCheck),
    ],
)
def test_every_check_is_told_in_its_order(
    heading: str, checks: "type[PassportCheck | Check | StatusCheck | SealedCheck]"
) -> None:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition("| check | what must hold |\n| --- | --- |\n")[2]
    assert re.findall(r"^\| `([a-z]+)` \|", table.partition("\n\n")[0], re.MULTILINE) == [*checks]


def test_every_verdict_is_told() -> None:
    table = PAGE.partition("| verdict | exit code of `cellfolio verify` |\n| --- | --- |\n")[2]
    rows = table.partition("\n\n")[0]
    assert re.findall(r"^\| \*([a-z, ]+)\* \|", rows, re.MULTILINE) == [*Verdict]


def test_every_type_of_entry_is_told() -> None:
    table = PAGE.partition("| type | digest of |\n| --- | --- |\n")[2].partition("\n\n")[0]
    cells = "".join(line.split("|")[1] for line in table.splitlines())
    assert re.findall("`([a-z-]+)`", cells) == [*EntryType]


def test_the_log_to_try_a_program_on_is_signed_and_leads_to_its_root() -> None:
    """What the table says is what the checkpoint says, by the verifier key that stands there."""
    trial = PAGE.partition("<!-- example: log-trial -->\n")[2].partition("<!-- end -->")[0]
    cells = dict(re.findall(r"^\| ([a-z0-9 ]+) \| `(.+)` \|$", trial, re.MULTILINE))
    note = trial.partition("```\n")[2].partition("```\n")[0]

    checkpoint = verify_checkpoint(note.encode(), [LogKey.parse(cells["verifier key"])])

    leaves = [leaf_hash(cells[f"entry {at}"].encode()) for at in range(checkpoint.size)]
    assert [leaf.hex() for leaf in leaves] == [cells["leaf hash 0"], cells["leaf hash 1"]]
    assert checkpoint.root == root_of(leaves) == bytes.fromhex(cells["root"])


@pytest.mark.parametrize("what", ["payload", "document"])
def test_the_sealed_files_to_try_a_program_on_follow_from_what_is_told(what: str) -> None:
    """By code of the tests' own: header, keys and digest of the whole file."""
    trial = PAGE.partition("<!-- example: sealed-trial -->\n")[2].partition("<!-- end -->")[0]
    told = dict(re.findall(rf"^\| {what}: ([A-Za-z0-9() -]+) \| `(.+)` \|$", trial, re.MULTILINE))
    plaintext = told["plaintext"] + ("\n" if what == "document" else "")
    forged = Forged(
        header=json.loads(told["JCS(header)"]),
        input=padded(plaintext.encode(), 4096),
        secret=bytes.fromhex(told["group key"]),
    )
    assert forged.header["key"] == key_id(forged.header["group"], forged.secret)
    assert forged.content_key.hex() == told["content key"]
    assert forged.commitment.hex() == told["commitment"]
    file = forged.payload if what == "payload" else forged.document
    assert sha256(file).hexdigest() == told["SHA-256 of the file"]


def test_every_kind_of_event_in_a_payload_is_told() -> None:
    table = PAGE.partition("| kind | members besides |\n| --- | --- |\n")[2].partition("\n\n")[0]
    cells = "".join(line.split("|")[1] for line in table.splitlines())
    assert set(re.findall("`([a-z-]+)`", cells)) == set(Kind)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_of_a_key_is_told(purpose: Purpose) -> None:
    assert f"| `{purpose}-1`" in PAGE


@pytest.mark.parametrize("path", [context_path(), schema_path()])
def test_versions_are_those_of_today(path: str) -> None:
    assert f"`{path}`" in PAGE
