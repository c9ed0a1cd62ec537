"""The gates of requirements 6: what is not fit for release gets no label, but a draft."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import CommandLine, Run
from tests.own_site import EVIDENCE, OWN, OwnSite
from tests.released_sample import ORIGIN, ReleasedSample
from tests.small_project import write, write_lot, write_model, write_project

Change = Callable[[Path], object]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose content may be released; it was never built."""
    folder = write_project(tmp_path / "project")
    write_model(folder, "rack", "51.2")
    write_model(folder, "cabinet", "480", number=1)
    for slug in ("rack", "cabinet"):
        write(folder, f"content/models/{slug}/evidence.yaml", EVIDENCE)
    write_lot(folder, "A1,rack,2026-12-01,", "C1,cabinet,2026-12-01,")
    settings = folder / "cellfolio.toml"
    settings.write_text(settings.read_text().replace("https://id.example.com", OWN))
    return folder


def printed(run: CommandLine, project: Path, *words: object) -> Run:
    """Ask for labels; whatever comes, nothing may be there afterwards."""
    out = project.parent / "out"
    done = run("--project", project, "labels", "--format", "png", "--out", out, *words)
    assert not out.exists()
    return done


def in_model(old: str, new: str, slug: str = "rack") -> Change:
    def change(project: Path) -> None:
        path = project / f"content/models/{slug}/model.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def in_settings(new: str) -> Change:
    def change(project: Path) -> None:
        path = project / "cellfolio.toml"
        path.write_text(path.read_text().replace(OWN, new))

    return change


def without_evidence(project: Path) -> None:
    (project / "content/models/rack/evidence.yaml").unlink()


def with_open_evidence(project: Path) -> None:
    path = project / "content/models/rack/evidence.yaml"
    path.write_text(path.read_text().replace("result: passed", "result: open"))


@pytest.mark.requirement("R6.3")
@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (in_model("plants: [north]", "plants: [south]"), 1, "maker has no plant 'south'"),
        (without_evidence, 1, "rated_capacity has no evidence"),
        (with_open_evidence, 1, "rests on tests, which is not validated yet"),
        (in_model("  reviewer: Second Person\n", ""), 1, "nobody has reviewed this scope"),
        (in_settings("https://id.example.com"), 2, "https://id.example.com is reserved for trying"),
        (in_settings("http://localhost:8000"), 2, "http://localhost:8000 is reserved for trying"),
        (in_settings("https://p.netlify.app"), 2, "https://p.netlify.app lies below a domain of"),
    ],
    ids=["errors", "no evidence", "open evidence", "scope", "reserved", "loopback", "shared"],
)
def test_what_may_not_be_released_gets_no_label(
    run: CommandLine, project: Path, change: Change, code: int, told: str
) -> None:
    change(project)
    done = printed(run, project)
    assert (done.code, told in done.err) == (code, True), done.err


def test_what_is_wrong_elsewhere_does_not_hold_up_a_label(run: CommandLine, project: Path) -> None:
    """Another model's errors leave this one's labels alone; they get as far as the site."""
    in_model("plants: [north]", "plants: [south]", "cabinet")(project)
    assert printed(run, project, "--model", "cabinet").code == 1
    done = printed(run, project, "--model", "rack", "--at", f"{OWN}={empty(project)}")
    assert done.code == 4
    assert "no passport lies at" in done.err


def empty(project: Path) -> Path:
    folder = project.parent / "empty"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.requirement("R6.3")
def test_an_address_that_does_not_answer_gets_no_label(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("--project", released.folder, "labels", "T48L", "--format", "png", "--out", out)
    done = run(*words, "--at", f"{ORIGIN}={empty(out)}")
    assert (done.code, out.exists()) == (4, False)
    assert f"{ORIGIN}/01/09506000134352/21/T48L2611-0001: no passport lies at" in done.err
    # The name itself exists nowhere yet.
    done = run(*words)
    assert (done.code, out.exists()) == (3, False)


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("dpp/{0}/passport.json", b'"51.2"', b'"52.2"', "T48L2611-0001: "),
        ("01/09506000134352/21/T48L2611-0001.html", None, None, "its page is not"),
        ("log/1/checkpoint", b"\n", b"\n\n", "T48L2611-0001: "),
        ("status/1/revocation/0", None, None, "its passport is genuine, freshness unknown"),
    ],
    ids=["tampered", "page gone", "log damaged", "no status"],
)
def test_what_does_not_verify_gets_no_label(
    run: CommandLine,
    released: ReleasedSample,
    tmp_path: Path,
    path: str,
    old: bytes | None,
    new: bytes | None,
    told: str,
) -> None:
    copy = Path(shutil.copytree(released.site, tmp_path / "copy"))
    file = copy / path.format("01_09506000134352_21_T48L2611-0001")
    if old is None or new is None:
        file.unlink()
    else:
        assert old in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(old, new, 1))
    words = ("labels", "T48L2611-0001", "--format", "zpl", "--out", tmp_path / "out")
    done = run("--project", released.folder, *words, "--at", f"{ORIGIN}={copy}")
    assert done.code == 4, done.out + done.err
    assert told in done.err
    assert not (tmp_path / "out").exists()


def test_a_version_that_was_withdrawn_gets_no_label(run: CommandLine, tmp_path: Path) -> None:
    site = OwnSite(tmp_path / "project", run)
    site.withdraws(("A1", 1))
    site.builds()
    words = ("--format", "csv", "--out", tmp_path / "out", "--at", f"{OWN}={site.site}")
    site.does("labels", "A2", *words)
    done = site.run("--project", site.folder, "labels", "A1", *words)
    assert done.code == 4
    assert "its passport is withdrawn" in done.err


def test_a_label_of_a_battery_that_was_not_built_yet_is_refused(
    run: CommandLine, tmp_path: Path
) -> None:
    site = OwnSite(tmp_path / "project", run)
    write_lot(site.folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "A3,rack,2026-12-01,")
    words = ("--format", "csv", "--out", tmp_path / "out", "--at", f"{OWN}={site.site}", "--json")
    done = run("--project", site.folder, "labels", *words)
    assert done.code == 4
    assert "/21/A3: no passport lies at" in done.err
    assert not (tmp_path / "out").exists()


DESIGN = """\
designs:
  plate:
    width: 66 mm
    height: 40 mm
    dpi: 300
    reading_distance: 150 mm
    legibility: Read by two people at the open cabinet, 2026-11-12
    unreadable: The serial also stands on the front handle; the hotline finds the page by it
    tests:
      - device: Pixel 8a, Android 16
        distance: 200 mm
        result: passed
        tested_on: 2026-11-12
        tester: Field service
        conditions: Ceiling light, powder-coated steel
"""


FAILED = "{device: Old phone, distance: 150 mm, result: failed, tested_on: 2026-11-13}"


@pytest.fixture
def site(run: CommandLine, tmp_path: Path) -> OwnSite:
    """A site with a design that a phone has read."""
    own = OwnSite(tmp_path / "project", run)
    write(own.folder, "content/labels.yaml", DESIGN)
    return own


def with_design(site: OwnSite, *words: object) -> Run:
    out = site.folder.parent / "out"
    at = ("--at", f"{OWN}={site.site}")
    return site.run(
        "--project", site.folder, "labels", "--format", "png", "--out", out, *at, *words
    )


@pytest.mark.requirement("R6.1")
def test_a_design_decides_about_the_look_and_is_on_record(site: OwnSite) -> None:
    done = with_design(site, "--design", "plate", "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert report["design"]["name"] == "plate"
    assert report["design"]["readingDistance"] == 150
    assert "no design of content/labels.yaml" not in with_design(site, "--design", "plate").out
    assert "no phone test is on record" in with_design(site).out


@pytest.mark.requirement("R6.1")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("result: passed", "result: failed"),
        ("result: passed", "result: open"),
        ("distance: 200 mm\n        result", "distance: 140 mm\n        result"),
        (
            "    tests:\n",
            f"    tests:\n      - {FAILED}\n",
        ),
    ],
    ids=["failed", "open", "too near", "failed last"],
)
def test_a_design_that_no_phone_has_read_prints_drafts_only(
    site: OwnSite, old: str, new: str
) -> None:
    path = site.folder / "content/labels.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    refused = with_design(site, "--design", "plate")
    assert refused.code == 2
    assert "no phone is on record that read the design plate from 150 mm" in refused.err
    assert with_design(site, "--design", "plate", "--draft").code == 0
    checked = site.run("--project", site.folder, "check", "--as-of", "2026-12-01")
    assert "$.designs.plate: no phone has read this design from 150 mm" in checked.out


@pytest.mark.requirement("R6.1")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("66 mm", "66 cm", "labels.yaml:3:12: $.designs.plate.width: "),
        ("66 mm", "0 mm", "'0 mm' is no length"),
        ("    dpi: 300\n", "", "labels.yaml:3:5: $.designs.plate: dpi is missing"),
        ("dpi: 300", "dpi: 12", "'12' is no resolution"),
        ("dpi: 300", "dpi: 300\n    level: l", "$.designs.plate.level: 'l' is not known here"),
        ("dpi: 300", "dpi: 300\n    texts: [maker, moon]", "'moon' is not known here"),
        ("dpi: 300", "dpi: 300\n    colour: red", "'colour' is not a known key here"),
        ("result: passed", "result: good", "tests[0].result: 'good' is not known here"),
        ("        tested_on: 2026-11-12\n", "", "tests[0]: the test has no day"),
        ("tested_on: 2026-11-12", "tested_on: 2026-12-02", "has not happened yet"),
        ("    legibility: Read by two people at the open cabinet, 2026-11-12\n", "", "nobody is r"),
        ("unreadable: The", "unreadable: ''\n    ink: The", "there is no value here"),
    ],
)
def test_a_check_tells_what_a_design_lacks(
    run: CommandLine, project: Path, old: str, new: str, told: str
) -> None:
    assert old in DESIGN
    path = write(project, "content/labels.yaml", DESIGN)
    clean = run("--project", project, "check", "--as-of", "2026-12-01").out
    assert "labels.yaml" not in clean
    path.write_text(DESIGN.replace(old, new))
    done = run("--project", project, "check", "--as-of", "2026-12-01")
    assert [line for line in done.out.splitlines() if "labels.yaml" in line and told in line]
