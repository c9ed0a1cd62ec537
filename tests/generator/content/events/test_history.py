"""What was committed of events stays: files only grow, and no commit takes away."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from generator.content.check import check
from tests.committed import COMMITTED
from tests.eventful_project import DAY, FOUR_A, event, events, of_events, rules
from tests.small_project import write, write_lot


def commit(project: Path, message: str = "Add") -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", message]):
        subprocess.run(["git", *words], cwd=project, check=True, env=os.environ | COMMITTED)


def test_committed_lines_stay(site: Path) -> None:
    first, second = event("put-into-service", "2027-03-02"), event("repair", "2027-05-01")
    path = events(site, first, second)
    assert rules(site) == []
    commit(site)
    events(site, first, second, event("repair", "2027-06-01"))
    assert rules(site) == []
    events(site, first, event("repair", "2027-05-02"))
    assert of_events(check(site, DAY))[-1][:2] == ("rewritten-history", 2)
    events(site, first)
    assert "rewritten-history" in rules(site)
    path.unlink()
    assert "rewritten-history" in [each.rule for each in check(site, DAY).problems]


def test_a_commit_that_took_events_away_is_told_for_good(site: Path) -> None:
    first, second = event("put-into-service", "2027-03-02"), event("repair", "2027-05-01")
    events(site, first, second)
    commit(site)
    events(site, first, event("repair", "2027-05-02"))
    commit(site, "Change the past")
    assert rules(site) == ["rewritten-history"]
    assert check(site, DAY).has_errors


@pytest.mark.parametrize("way", ["ours", "theirs", "by hand"])
def test_no_merge_loses_what_either_side_had(site: Path, way: str) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=site, check=True, env=os.environ | COMMITTED)

    path = events(site, event("put-into-service", "2027-03-02"))
    commit(site)
    git("checkout", "-q", "-b", "other")
    path.with_name("2027-06.jsonl").write_text(json.dumps(event("repair", "2027-06-01")) + "\n")
    commit(site)
    git("checkout", "-q", "-")
    path.with_name("2027-05.jsonl").write_text(json.dumps(event("repair", "2027-05-01")) + "\n")
    commit(site)
    if way == "theirs":
        git("checkout", "-q", "other")
    git("merge", "-q", *(["--no-commit"] if way == "by hand" else ["-s", "ours"]), "@{-1}")
    if way == "by hand":
        assert rules(site) == []
        path.with_name("2027-05.jsonl").unlink()
        commit(site, "Merge")
    assert rules(site) == ["rewritten-history"]


@pytest.mark.parametrize("attribute", ["-diff", "diff=nothing"])
def test_neither_settings_nor_attributes_nor_names_hide_it(site: Path, attribute: str) -> None:
    path = events(site, event("put-into-service", "2027-03-02"), event("repair", "2027-05-01"))
    path = path.rename(path.with_name("März.jsonl"))
    write(site, ".gitattributes", f"*.jsonl {attribute}\n")
    commit(site)
    for setting in (["color.diff", "always"], ["diff.nothing.textconv", "true"]):
        subprocess.run(["git", "config", *setting], cwd=site, check=True)
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    commit(site, "Change the past")
    assert rules(site) == ["rewritten-history"]


def test_a_commit_may_tell_why_it_took_events_away(site: Path) -> None:
    write_lot(site, "A1,rack,2027-01-01,")
    first = event("measurement", "2027-01-02", values=FOUR_A)
    events(site, first, event("repair", "2027-05-01", note="Jane"))
    commit(site)
    events(site, first, event("repair", "2027-05-01"))
    commit(site, "Erase a name\n\nPassport-Events-Rewritten: erasure of personal data, case 7")
    assert rules(site) == []
