"""`cellfolio reproduce`: a site is what its content makes, or how it differs."""

from pathlib import Path

import pytest

from tests.access_project import edit
from tests.cli import CommandLine, Run
from tests.committed import begin, commit
from tests.small_project import write_lot, write_model
from tests.small_site import PASSPORT, SmallSite


@pytest.fixture
def project(tmp_path: Path, run: CommandLine) -> SmallSite:
    return begin(SmallSite(tmp_path / "project", run))


def changed(project: SmallSite) -> None:
    """Build twice, with a change between."""
    commit(project)
    project.does("build")
    write_model(project.folder, "rack", "48.0")
    commit(project)
    project.does("build")


def reproduced(project: SmallSite, *words: object) -> Run:
    return project.run("reproduce", project.site, "--from", project.folder, *words)


def test_a_site_is_what_its_content_makes(project: SmallSite) -> None:
    changed(project)
    report = project.does("reproduce", project.site, "--from", project.folder)
    assert (report["reproduced"], report["difference"]) == (True, None)
    assert report["siteCommit"] == report["contentCommit"] != ""
    assert report["taken"] == {
        "proofs of passports": 3,
        "superseded versions": 3,
        "histories of versions": 3,
        "sealed files": 4,
        "status lists": 1,
        "proof of the manifest": 1,
        "tiles and checkpoint of the log": 1,
    }
    assert "taken from the site as they are:\n        3  proofs" in reproduced(project).out


def test_it_needs_no_private_key_and_changes_nothing(project: SmallSite) -> None:
    project.has_own_keys()
    commit(project)
    project.does("build", "--genesis")
    for path in (project.folder / "keys/private").iterdir():
        path.unlink()
    done = reproduced(project)
    assert done.code == 0, done.err
    assert project.fails("build")[0] == 3


def test_a_refreshed_site(project: SmallSite) -> None:
    changed(project)
    project.does("refresh", "--time", "2040-01-01T00:00:00Z")
    assert project.does("reproduce", project.site, "--from", project.folder)["reproduced"]


def test_other_figures(project: SmallSite) -> None:
    changed(project)
    write_model(project.folder, "rack", "50.0")
    done = reproduced(project)
    assert done.code == 4
    assert done.out.endswith("not reproduced\n")
    assert 'nominalVoltage is {"unit":"V","value":"48.0"} on the site' in done.err
    assert "the site was built from" in done.err


def test_a_battery_more_and_a_battery_less(project: SmallSite) -> None:
    changed(project)
    write_lot(project.folder, "A1,rack,2026-12-01,")
    assert "published URLs would vanish" in reproduced(project).err
    write_lot(project.folder, *(f"A{n},rack,2026-12-01," for n in (1, 2, 3)))
    done = reproduced(project)
    assert done.code == 4
    assert "_21_A3/passport.json: the site has no such passport" in done.err


def test_other_pages(project: SmallSite) -> None:
    changed(project)
    project.set('languages = ["en", "de"]', 'languages = ["en"]')
    done = reproduced(project)
    assert done.code == 4
    assert "cellfolio: /" in done.err


def test_a_withdrawal_that_is_not_published(project: SmallSite) -> None:
    changed(project)
    project.withdraws(("A1", 1))
    edit(project.folder, "content/withdrawn.jsonl", "2026-11-18", "2020-01-01")
    done = reproduced(project)
    assert done.code == 4
    assert "something would have to be signed: a status list or the manifest" in done.err


def test_a_damaged_site_is_not_compared_at_all(project: SmallSite) -> None:
    changed(project)
    path = project.site / PASSPORT
    path.write_bytes(path.read_bytes().replace(b"48.0", b"49.0"))
    done = reproduced(project)
    assert (done.code, done.out) == (4, "")
    assert "is not genuine: failed checks: files, passports" in done.err
