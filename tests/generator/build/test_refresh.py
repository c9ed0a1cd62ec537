"""Refreshed status lists, through the command line, and the anchor that a refresh moves."""

import shutil
from datetime import UTC, datetime

import pytest

from tests.small_project import write_model
from tests.small_site import LIST, PASSPORT, SmallSite, tree


def test_a_refresh_renews_lists_and_touches_nothing_else(project: SmallSite) -> None:
    project.builds()
    project.withdraws(("A1", 1))
    project.builds()
    before = tree(project.site)
    bits = project.revoked
    shutil.rmtree(project.folder / "content")
    report = project.does("refresh", "--time", "2027-01-01T00:00:00Z", "--days", "30")
    project.is_genuine()

    after = tree(project.site)
    changed = {path for path in after if before.get(path) != after[path]}
    logs = {path for path in changed if path.startswith("log/1/")}
    assert changed - logs == {LIST, "manifest/index.json"}
    assert set(before) <= set(after)
    days = ("2027-01-01T00:00:00Z", "2027-01-31T00:00:00Z")
    assert (report["time"], report["valid_until"]) == days
    assert project.revoked == bits
    assert project.json(LIST)["validUntil"] == report["valid_until"]


def test_entries_of_the_manifest_do_not_add_up(project: SmallSite) -> None:
    project.builds()
    entries = project.json("manifest/index.json")["entries"]
    assert isinstance(entries, list)
    for month in range(1, 4):
        project.does("refresh", "--time", f"2027-0{month}-01T00:00:00Z")
    now = project.json("manifest/index.json")["entries"]
    assert isinstance(now, list)
    assert [entry["type"] for entry in now] == [entry["type"] for entry in entries]


def test_refreshing_again_at_the_same_time_and_building_after_change_nothing(
    project: SmallSite,
) -> None:
    project.builds()
    project.does("refresh", "--time", "2027-01-01T00:00:00Z")
    before = tree(project.site)
    assert project.does("refresh", "--time", "2027-01-01T00:00:00Z")["written"] == 0
    assert project.builds()["written"] == 0
    assert tree(project.site) == before


def test_what_is_built_after_a_refresh_is_not_dated_before_it(project: SmallSite) -> None:
    project.builds()
    project.does("refresh", "--time", "2027-01-01T00:00:00Z")
    write_model(project.folder, "rack", "48.0")
    project.builds()
    assert project.json(PASSPORT)["validFrom"] == "2027-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--time", "2026-11-17T00:00:00Z"], "is before 2026-11-18"),
        (["--time", "today"], "--time: 'today' is no point in time: write it like"),
        (["--time", "2027-01-01T00:00:00Z", "--out", "nowhere"], "there is no site in nowhere"),
    ],
)
def test_a_refresh_that_is_refused(project: SmallSite, words: list[str], told: str) -> None:
    project.builds()
    project.fails_saying(told, "refresh", *words)


def test_a_site_with_own_keys_is_not_dated_ahead(project: SmallSite) -> None:
    project.has_own_keys()
    project.does("build", "--genesis")
    project.fails_saying("still to come", "refresh", "--time", "2126-01-01T00:00:00Z")


def test_keys_that_the_site_does_not_know_yet(project: SmallSite) -> None:
    project.has_own_keys()
    project.does("build", "--genesis")
    project.run("--project", project.folder, "keys", "rotate", "issuing")
    told = "the keys have changed since the site was built: run `cellfolio build`"
    project.fails_saying(told, "refresh", "--time", now())


def test_the_anchor_finds_a_site_that_was_rolled_back(project: SmallSite) -> None:
    project.has_own_keys()
    project.does("build", "--genesis")
    shutil.copytree(project.site, project.folder.parent / "earlier")
    project.does("refresh", "--time", now())
    kept = (project.folder.parent / "anchor").read_bytes()
    assert kept == (project.site / "log/1/checkpoint").read_bytes()

    shutil.rmtree(project.site)
    shutil.copytree(project.folder.parent / "earlier", project.site)
    for words in (["build"], ["refresh", "--time", now()]):
        project.fails_saying("it was rolled back", *words, code=4)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
