"""`cellfolio deploy` to a folder: the gates, the plan, and what a deploy may never do."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.own_site import OWN, OwnSite, is_whole, same_files
from tests.small_project import write_lot
from tests.small_site import SmallSite, tree


@pytest.fixture
def site(tmp_path: Path, run: CommandLine) -> OwnSite:
    """A built site whose target is a folder."""
    return OwnSite(tmp_path / "project", run, 'url = "../public"')


@pytest.fixture
def public(site: OwnSite) -> Path:
    return site.folder.parent / "public"


def refused(site: OwnSite, told: str, *words: object, code: int) -> None:
    """Deploy what must be refused: nothing in public may change."""
    public = site.folder.parent / "public"
    before = public.exists() and tree(public)
    done = site.deploy_fails(*words)
    assert (done.code, told in done.err) == (code, True), done.err
    assert (public.exists() and tree(public)) == before


def test_a_site_is_deployed_whole_and_only_once(
    site: OwnSite, public: Path, run: CommandLine
) -> None:
    first = site.deploys()
    assert (first["written"], first["unchanged"]) == (len(tree(site.site)), 0)
    is_whole(public, run)
    assert same_files(site.site, public)
    again = site.deploys()
    assert (again["written"], again["unchanged"]) == (0, first["written"])


def test_only_what_changed_is_uploaded(site: OwnSite, public: Path, run: CommandLine) -> None:
    site.deploys()
    before = tree(public)
    site.grows("A3")
    done = site.deploys()
    after = tree(public)
    changed = {name for name in after if before.get(name) != after[name]}
    assert done["written"] == len(changed - {".cellfolio/deploy.json"})
    assert set(before) <= set(after)
    is_whole(public, run)


def test_the_anchor_advances_after_the_deploy_and_not_before(site: OwnSite) -> None:
    assert site.anchor == b""
    site.deploys()
    assert site.anchor == site.checkpoint
    before = site.anchor
    site.grows("A3")
    assert site.anchor == before != site.checkpoint
    site.deploys()
    assert site.anchor == site.checkpoint


def test_a_plan_writes_nothing_and_says_what_would_be_done(site: OwnSite, public: Path) -> None:
    plan = site.deploys("--plan")
    assert not public.exists()
    uploads = plan["uploads"]
    assert isinstance(uploads, list)
    assert plan["first"] is True
    assert len(uploads) == len(tree(site.site))
    stages = list(dict.fromkeys(upload["stage"] for upload in uploads))
    in_order = "immutable sealed identity data pages lists checkpoint shards manifest"
    assert stages == in_order.split()
    assert uploads[-1]["key"] == "manifest/index.json"
    assert uploads[-1]["headers"]["Content-Type"] == "application/json"
    told = site.run("--project", site.folder, "deploy", "--plan")
    assert f"{len(uploads)} of {len(uploads)} files to upload" in told.out


def test_a_target_may_be_named(site: OwnSite, tmp_path: Path, run: CommandLine) -> None:
    site.deploys(tmp_path / "elsewhere")
    is_whole(tmp_path / "elsewhere", run)


def test_without_a_target_the_remedy_says_so(tmp_path: Path, run: CommandLine) -> None:
    refused(OwnSite(tmp_path / "project", run), "[deploy]", code=2)


def test_the_site_itself_is_no_target(site: OwnSite) -> None:
    assert site.deploy_fails(site.site).code == 2


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://id.example.com", "reserved for trying out"),
        ("https://maker.pages.dev", "below a domain of its host"),
    ],
)
def test_an_address_that_is_not_ones_own_is_refused(site: OwnSite, url: str, why: str) -> None:
    site.set(OWN, url)
    refused(site, why, code=2)


def test_a_demo_is_refused(tmp_path: Path, run: CommandLine) -> None:
    demo = SmallSite(tmp_path, run)
    demo.builds()
    assert demo.fails("deploy", tmp_path / "public")[0] == 2


def test_content_that_is_not_released_is_refused(site: OwnSite) -> None:
    (site.folder / "content/models/rack/evidence.yaml").unlink()
    refused(site, "nominal_voltage has no evidence", code=1)


def test_a_file_that_was_changed_is_found_before_anything_is_uploaded(site: OwnSite) -> None:
    page = site.site / "01/09506000134352/21/A1.html"
    page.write_bytes(page.read_bytes() + b" ")
    refused(site, "/01/09506000134352/21/A1", code=4)


def test_a_log_tile_that_was_changed_is_found(site: OwnSite) -> None:
    (tile,) = (site.site / "log/1/tile/0").glob("000.p/*")
    tile.write_bytes(bytes(len(tile.read_bytes())))
    refused(site, "", code=4)


def test_an_unfinished_site_is_refused(site: OwnSite) -> None:
    (site.folder / ".site.publish/journal").write_bytes(b"begun")
    refused(site, "half written", code=1)


def test_an_earlier_site_is_refused_and_going_back_is_a_new_build(
    site: OwnSite, public: Path, run: CommandLine
) -> None:
    site.deploys()
    earlier = site.folder.parent / "earlier"
    shutil.copytree(site.site, earlier)
    model = site.folder / "content/models/rack/performance.yaml"
    text = model.read_text()
    model.write_text(text.replace("100 Ah", "101 Ah"))
    site.builds()
    site.deploys()
    refused(site, "rolled back", "--out", earlier, code=4)
    model.write_text(text)
    site.builds()
    site.deploys()
    is_whole(public, run)
    passport = json.loads((public / "dpp/01_09506000134352_21_A1/passport.json").read_bytes())
    assert passport["version"] == 3


def test_another_story_of_the_same_site_is_refused(site: OwnSite) -> None:
    fork = site.folder.parent / "fork"
    shutil.copytree(site.site, fork)
    write_lot(site.folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "B1,rack,2026-12-01,")
    site.does("build", "--out", fork, "--previous", site.site)
    site.grows("A3")
    site.deploys()
    refused(site, "", "--out", fork, site.folder.parent / "public", code=4)


def test_a_stranger_s_object_is_not_overwritten(site: OwnSite, public: Path) -> None:
    public.mkdir()
    (public / "index.html").write_text("my other home page")
    done = site.deploy_fails()
    assert (done.code, "index.html" in done.err) == (1, True)
    assert (public / "index.html").read_text() == "my other home page"


def test_damage_is_repaired_on_demand(site: OwnSite, public: Path, run: CommandLine) -> None:
    site.deploys()
    (public / "index.html").write_text("defaced")
    next((public / "assets").rglob("*.css")).unlink()
    assert site.deploys()["written"] == 0
    assert site.deploys("--repair")["written"] == 2
    is_whole(public, run)


def test_strangers_are_deleted_on_demand_and_no_url_ever(site: OwnSite, public: Path) -> None:
    site.deploys()
    for name in ("notes.txt", "backup/old.zip", "01/09506000134352/21/OLD.html", "log/1/tile/x"):
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_text("left behind")
    assert site.deploys("--plan", "--delete-strangers")["deletes"] == [
        "backup/old.zip", "notes.txt",
    ]  # fmt: skip
    assert (public / "notes.txt").exists()
    assert site.deploys("--delete-strangers")["deleted"] == ["backup/old.zip", "notes.txt"]
    assert not (public / "notes.txt").exists()
    assert (public / "01/09506000134352/21/OLD.html").exists()
