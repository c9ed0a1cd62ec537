"""Withdrawn versions, through the command line."""

import pytest

from tests.access_project import edit
from tests.small_project import write_model
from tests.small_site import FOLDER, LIST, PASSPORT, SmallSite, tree


def index_of(document: dict[str, object]) -> int:
    log = document["log"]
    assert isinstance(log, dict)
    return int(log["index"])


def test_a_withdrawn_version_is_told_and_its_successor_stays_good(project: SmallSite) -> None:
    project.builds()
    write_model(project.folder, "rack", "48.0")
    project.builds()
    assert project.verdict(f"{FOLDER}/v/1.json") == (0, "genuine, superseded")

    project.withdraws(("A1", 1))
    report = project.builds()
    assert project.revoked == (index_of(project.json(f"{FOLDER}/v/1.json")),)
    assert report["new_versions"] == 0
    assert project.verdict(f"{FOLDER}/v/1.json") == (4, "withdrawn")
    assert project.verdict(PASSPORT) == (0, "genuine and current")


def test_the_current_version_can_be_withdrawn_by_the_build_that_replaces_it(
    project: SmallSite,
) -> None:
    project.builds()
    write_model(project.folder, "rack", "48.0")
    project.withdraws(("A1", 1))
    project.builds()

    assert project.verdict(f"{FOLDER}/v/1.json") == (4, "withdrawn")
    assert project.verdict(PASSPORT) == (0, "genuine and current")


def test_a_withdrawal_is_entered_into_the_log_once(project: SmallSite) -> None:
    project.builds()
    project.withdraws(("A1", 1))
    assert "/" + LIST in str(project.builds()["paths"])
    before = tree(project.site)
    assert project.builds()["written"] == 0
    assert tree(project.site) == before


def test_bits_are_added_to_those_set_before(project: SmallSite) -> None:
    project.builds()
    project.withdraws(("A1", 1))
    project.builds()
    project.withdraws(("A1", 1), ("A2", 1))
    project.builds()
    assert len(project.revoked) == 2


def test_a_withdrawal_that_is_gone_is_refused(project: SmallSite) -> None:
    project.builds()
    project.withdraws(("A1", 1))
    project.builds()
    (project.folder / "content/withdrawn.jsonl").unlink()

    told = "version 1 of 01_09506000134352_21_A1 was withdrawn: put the line back"
    project.fails_saying(told, "build", code=1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("A9", 1), "content/withdrawn.jsonl:1:2: passport: there is no passport"),
        (("A1", 2), "content/withdrawn.jsonl:1:1: version: version 2 of"),
        (("A1", 0), "'0' is no version"),
    ],
)
def test_what_can_not_be_withdrawn(project: SmallSite, line: tuple[str, int], told: str) -> None:
    project.builds()
    project.withdraws(line)
    project.fails_saying(told, "build", code=1)


@pytest.mark.parametrize("reason", ["ask eva@maker.example", "call +49 341 1234", "x" * 101])
def test_a_reason_says_nothing_of_persons(project: SmallSite, reason: str) -> None:
    project.builds()
    project.withdraws(("A1", 1))
    edit(project.folder, "content/withdrawn.jsonl", "wrong-capacity", reason)
    project.fails_saying(": reason: the reason h", "build", code=1)


def test_a_line_twice_and_a_day_to_come(project: SmallSite) -> None:
    project.withdraws(("A1", 1), ("A1", 1))
    edit(project.folder, "content/withdrawn.jsonl", "2026-11-18", "2126-11-18")
    done = project.run("--project", project.folder, "check")
    assert done.code == 1
    assert "version 1 was withdrawn in line 1 already: delete this line" in done.out
    assert "2126-11-18 is still to come" in done.out


def test_an_earlier_list_in_the_place_of_the_latest_is_found(project: SmallSite) -> None:
    project.builds()
    earlier = (project.site / LIST).read_bytes()
    project.withdraws(("A1", 1))
    project.builds()
    (project.site / LIST).write_bytes(earlier)

    done = project.run("verify", project.site)
    assert done.code == 4
    assert "the manifest names no entry of the log for it" in done.out
    project.fails_saying("is not the list that the previous site's manifest names", "build", code=4)


def test_a_list_by_a_revoked_key_is_signed_anew_with_its_bits(project: SmallSite) -> None:
    project.has_own_keys()
    project.does("build", "--genesis")
    project.withdraws(("A1", 1))
    project.builds()
    bits = project.revoked
    project.run("--project", project.folder, "keys", "rotate", "issuing")
    done = project.run("--project", project.folder, "keys", "revoke", "issuing-1", "--log-size", 99)
    assert done.code == 0, done.err
    project.builds()
    assert project.revoked == bits != ()
    assert "issuing-2" in str(project.json(LIST)["proof"])
    assert project.verdict(PASSPORT) == (4, "withdrawn")


def test_the_page_of_a_withdrawn_current_version_says_so_until_another_is_issued(
    project: SmallSite,
) -> None:
    page = project.site / "01/09506000134352/21/A1.html"
    project.builds()
    assert "Current passport" in page.read_text()
    project.withdraws(("A1", 1))
    project.builds()
    assert "Withdrawn passport" in page.read_text()
    assert "Current passport" not in page.read_text()
    assert "rely on nothing it says" in page.read_text()
    assert "Current passport" in (page.parent / "A2.html").read_text()
    write_model(project.folder, "rack", "48.0")
    project.builds()
    assert "Withdrawn passport" not in page.read_text()
