"""Sealed groups in builds: what is sealed anew, what keeps its bytes, what a tombstone replaces."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from passport.encoding.base64url import base64url
from passport.encoding.canonical import canonical_json
from passport.encoding.multibase import digest_multibase
from passport.log.checkpoint import Checkpoint, sign_checkpoint
from passport.registry import Group
from passport.sealing.sealed import open_sealed
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.sealed_header import content_key, document_resource
from passport.signing.keys import KeyId, Purpose, demo_signer
from tests.access_project import edit
from tests.opener import opened, refused
from tests.restricted_site import (
    BATTERY,
    DRAWING,
    HARM,
    MODEL,
    XIII_2,
    SealedSite,
    key_of,
    sealing_of,
)
from tests.small_project import write
from tests.small_site import tree


def test_every_group_is_there_and_opens_with_its_key_alone(small: SealedSite) -> None:
    small.builds()

    payload = small.payload(Group.INTEREST_MODEL, 1)
    assert "CANARY-ACTION" in json.dumps(payload)
    assert small.payload(Group.AUTHORITY, 1) == {}
    assert "batteryStatus" in small.payload(Group.INTEREST_BATTERY, 1, BATTERY)
    documents = payload["documents"]
    assert isinstance(documents, list)
    path = str(documents[0]["url"]).removeprefix("https://id.example.com/")
    file = parse_sealed(small.sealed[path])
    expected = sealing_of(MODEL, Group.INTEREST_MODEL, 0, document_resource(4))
    key = content_key(file.header, key_of(Group.INTEREST_MODEL).mac)
    assert open_sealed(file, key, expected=expected) == DRAWING


def test_nothing_of_it_shows_outside(small: SealedSite) -> None:
    small.happens(HARM)
    small.builds()

    found = [path for path, content in tree(small.site).items() if b"CANARY" in content]
    assert found == []
    names = [path for path in tree(small.site) if "view" in path or "doc/4" in path]
    assert names == []


def test_a_public_change_seals_nothing_anew(small: SealedSite) -> None:
    small.builds()
    before = small.sealed
    edit(small.folder, "content/models/rack/performance.yaml", "100 Ah", "101 Ah")

    assert small.builds()["new_versions"] == 3
    assert small.sealed == before
    assert small.second_version(MODEL)["changed"] == ["ratedCapacity"]


def test_a_restricted_change_renews_the_model_alone(small: SealedSite) -> None:
    small.builds()
    before = small.sealed
    small.says(XIII_2.replace("the lid", "the cover"))

    assert small.builds()["new_versions"] == 1
    added = small.sealed.keys() - before.keys()
    assert added == {f"dpp/{MODEL}/sealed/xiii-2/2.json"}
    assert before.items() <= small.sealed.items()
    version = small.second_version(MODEL)
    assert (version["reason"], version["changed"]) == ("restricted data renewed", [])
    assert "cover" in json.dumps(small.payload(Group.INTEREST_MODEL, 2))


def test_building_again_changes_nothing(small: SealedSite, tmp_path: Path) -> None:
    small.happens(HARM)
    small.builds()
    first = tree(small.site)

    assert small.builds()["new_versions"] == 0
    assert tree(small.site) == first
    assert small.does("build", "--out", tmp_path / "other")["new_versions"] == 3
    assert tree(tmp_path / "other") == first


@pytest.mark.requirement("R5.11")
def test_incidents_do_not_show_in_the_size(small: SealedSite) -> None:
    sizes = set()
    for number, events in enumerate(((), (HARM,), (HARM,) * 5), 1):
        small.happens(*events)
        small.builds()
        content = small.sealed[f"dpp/{BATTERY}/sealed/xiii-4/{number}.json"]
        sizes.add(len(parse_sealed(content).ciphertext))
    assert sizes == {4096 + 16}


def test_a_refused_file_becomes_a_tombstone_and_stays_one(small: SealedSite) -> None:
    small.builds()
    path = f"dpp/{MODEL}/sealed/xiii-2/1.json"
    before = small.sealed
    small.refuses(passport=MODEL, group="xiii-2", before_version=2)

    assert small.builds()["new_versions"] == 0
    tombstone = json.loads(small.sealed[path])
    assert tombstone["type"] == "SealedFileTombstone"
    passport = small.json(f"dpp/{MODEL}/passport.json")
    bound = {each["id"]: each["digestMultibase"] for each in passport["relatedResource"]}  # type: ignore[attr-defined]
    assert tombstone["digestMultibase"] == bound[tombstone["id"]]
    changed = {each for each, content in small.sealed.items() if content != before[each]}
    assert changed == {path}, "a document is refused by its salt"
    again = small.sealed
    small.builds()
    assert small.sealed == again


@pytest.mark.requirement("R5.12")
def test_a_ceased_passport_binds_nothing_and_leaves_tombstones(small: SealedSite) -> None:
    small.builds()
    small.happens(
        {"kind": "waste", "holder": "maker", "evidence": "W-1"},
        {"kind": "recycled", "evidence": "R-1"},
    )
    role = "  - {role: waste-operator, evidence: register, valid_from: 2020-01-01}\n"
    edit(small.folder, "content/operators/maker.yaml", "roles:\n", f"roles:\n{role}")
    small.builds()

    assert "relatedResource" not in small.json(f"dpp/{BATTERY}/passport.json")
    content = small.sealed[f"dpp/{BATTERY}/sealed/xiii-4/1.json"]
    assert json.loads(content)["type"] == "SealedFileTombstone"
    assert b"relatedResource" in (small.site / f"dpp/{BATTERY}/v/1.json").read_bytes()


def of_salt(site: SealedSite) -> dict[str, object]:
    (path,) = [path for path in site.sealed if "/doc/" in path]
    return {"salt": base64url(bytes.fromhex(path.rpartition("/")[2]))}


REFUSALS: dict[str, tuple[Callable[[SealedSite], dict[str, object]], str]] = {
    "passport": (lambda _: {"passport": MODEL}, f"dpp/{MODEL}/"),
    "group": (
        lambda _: {"passport": MODEL, "group": "xiii-3", "before_version": 2},
        f"dpp/{MODEL}/sealed/xiii-3/",
    ),
    "salt": (of_salt, f"dpp/{MODEL}/sealed/doc/"),
    "key": (lambda _: {"key": str(key_of(Group.INTEREST_BATTERY).key_id)}, "/sealed/xiii-4/"),
}
"""What is refused, and a part of the addresses that are meant."""


@pytest.mark.requirement("R5.12")
@pytest.mark.parametrize("kind", REFUSALS)
def test_each_kind_of_refusal_takes_its_files_away_for_ever(
    small: SealedSite, tmp_path: Path, kind: str
) -> None:
    small.builds()
    before = small.sealed
    refusal, part = REFUSALS[kind]
    small.refuses(**refusal(small))
    assert small.builds()["new_versions"] == 0

    changed = {path for path, content in small.sealed.items() if content != before[path]}
    assert changed == {path for path in before if part in path}
    keys = write(tmp_path, "keys.json", '{"keys": []}')
    told = opened(small.site, keys)
    assert {each["path"] for each in told if "withdrawn" in each} == changed
    assert {each["path"] for each in told if "sealed" in each} == before.keys() - changed
    withdrawn = small.sealed
    (small.folder / "content/access/refused.jsonl").unlink()
    small.builds()
    assert small.sealed == withdrawn, "nothing comes back"


def test_a_tombstone_that_was_altered_is_refused(small: SealedSite, tmp_path: Path) -> None:
    small.builds()
    small.refuses(passport=BATTERY)
    small.builds()
    path = small.site / f"dpp/{BATTERY}/sealed/xiii-4/1.json"
    right = json.loads(path.read_bytes())
    keys = write(tmp_path, "keys.json", '{"keys": []}')
    for change, why in (
        ({"withdrawn": "2026-01-01T00:00:00Z"}, "signature"),
        ({"digestMultibase": "uEi"}, "digest"),
        ({"header": {**right["header"], "version": 2}}, "tombstone"),
        ({"reason": "fire"}, "tombstone"),
    ):
        path.write_bytes(canonical_json({**right, **change}))
        last, _ = refused(small.site, keys)
        assert (last["refused"], last["why"]) == (f"dpp/{BATTERY}/sealed/xiii-4/1.json", why)
        assert small.run("verify", small.site).code == 4


def test_a_text_that_comes_back_gets_a_new_version(small: SealedSite) -> None:
    for text in (XIII_2, XIII_2.replace("the lid", "the cover"), XIII_2):
        small.says(text)
        small.builds()
    versions = {path for path in small.sealed if "/xiii-2/" in path}
    assert versions == {f"dpp/{MODEL}/sealed/xiii-2/{number}.json" for number in (1, 2, 3)}
    assert small.payload(Group.INTEREST_MODEL, 3) == small.payload(Group.INTEREST_MODEL, 1)
    assert len([path for path in small.sealed if "/doc/" in path]) == 1


def test_a_brokers_audit_checkpoint_enters_the_log_once(small: SealedSite, tmp_path: Path) -> None:
    small.builds()
    note = tmp_path / "checkpoint"
    text = Checkpoint(origin="keys.example.com/audit", size=3, root=bytes(32))
    note.write_bytes(sign_checkpoint(text, demo_signer(KeyId(Purpose.CHECKPOINT, 1))))

    small.does("build", "--audit-checkpoint", note)
    entries = small.json("manifest/index.json")["entries"]
    assert isinstance(entries, list)
    [entry] = [each for each in entries if each["type"] == "audit"]
    assert entry["digest"] == digest_multibase(note.read_bytes())
    assert small.builds()["written"] == 0
    assert small.does("build", "--audit-checkpoint", note)["written"] == 0
    note.write_text("no checkpoint")
    small.fails_saying("audit checkpoint", "build", "--audit-checkpoint", note, code=4)
