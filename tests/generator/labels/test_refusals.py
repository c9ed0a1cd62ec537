"""What may not be printed: each check refuses with its figure, and nothing is written."""

import json
from pathlib import Path

import pytest

from tests.cli import CommandLine, Run
from tests.generator.labels.designs import NAME, sample_with, write_design
from tests.released_sample import ROOT
from tests.small_project import write, write_lot, write_model, write_project

ONE = "T48L2611-0001"
SMALL = {"width": "40 mm", "height": "24 mm"}


def draft(run: CommandLine, folder: Path, *words: object, **design: object) -> Run:
    """Draw one label of the sample by a design into `out` of a folder."""
    project = sample_with(folder / "project", **design)
    named = () if "--design" in words else ("--design", NAME)
    out = ("--draft", "--out", folder / "out")
    return run("--project", project, "labels", ONE, *out, *named, *words)


@pytest.mark.requirement("R6.2")
@pytest.mark.parametrize(
    ("design", "check", "figure"),
    [
        ({"module": "0.254 mm"}, "module size", "0.254 mm, needed: at least 0.541 mm"),
        ({"module": "0.254 mm", "reading_distance": "50 mm"}, "module size", "at least 0.330 mm"),
        ({"reading_distance": "500 mm"}, "module size", "0.762 mm, needed: at least 1.351 mm"),
        ({"ink": "#888888"}, "contrast", "75%"),
        ({"ink": "#999999"}, "contrast", "68%, needed: at least 70%"),
        ({"ink": "#cc0000"}, "contrast", "40%, needed: at least 70%, in white and in red light"),
        ({"paper": "transparent"}, "opaque", "0% opaque, needed: 100 %"),
        ({"paper": "#ffffffc0"}, "opaque", "75% opaque"),
        ({"ink": "white", "paper": "black"}, "dark on light", "-100% from ink to ground"),
        ({"quiet_zone": 2}, "quiet zone", "2.0 modules, needed: at least 4"),
        ({"quiet_zone": 0}, "quiet zone", "0.0 modules, needed: at least 4"),
        ({"module": "1.2700 mm"}, "quiet zone", "modules, needed: at least 4"),
        ({"module": "0.6 mm"}, "whole dots", "7.09 dots a module at 300 dpi"),
        ({"module": "0.6 mm"}, "whole dots", "choose a module of 0.593 mm or 0.677 mm"),
        ({"width": "52 mm", "height": "16 mm"}, "room", "3.26 mm of text below the edge"),
        ({"width": "30 mm", "height": "16 mm"}, "text", "type of 1.40 mm, needed: at least 1.6 mm"),
        (
            SMALL,
            "CE marking",
            "3.89 mm high, needed: at least 5 mm",
        ),
        (
            SMALL,
            "separate collection",
            "3.24 mm wide, needed: at least 4.7 mm",
        ),
    ],
)
def test_each_check_refuses_with_its_figure(
    run: CommandLine, tmp_path: Path, design: dict[str, object], check: str, figure: str
) -> None:
    done = draft(run, tmp_path, "--format", "png", **design)
    if figure == "75%":
        assert (done.code, "contrast             75%" in done.out) == (0, True)
        return
    assert done.code == 1
    assert "1 of 1 label can't be printed; nothing was written" in done.err
    (told,) = (line for line in done.out.splitlines() if line.startswith(f"{ONE}: {check}: "))
    assert figure in told
    assert not (tmp_path / "out").exists()


def test_the_report_is_one_object_and_claims_no_grade(run: CommandLine, tmp_path: Path) -> None:
    done = draft(run, tmp_path, "--format", "svg", "--json", ink="#cccccc")
    report = json.loads(done.out)
    assert (report["labels"], report["refused"], report["draft"]) == (1, 1, True)
    assert {(each["serial"], each["check"]) for each in report["refusals"]} == {(ONE, "contrast")}
    held = {each["check"]: each["holds"] for each in report["checks"]}
    assert [check for check, holds in held.items() if not holds] == ["contrast"]
    assert {"read clean", "read blurred", "read damaged"} <= held.keys()
    assert "no grade is given" in report["note"]
    assert "ISO" not in done.out


def test_what_decoders_can_not_read_is_refused(run: CommandLine, tmp_path: Path) -> None:
    """Two greys that differ by a fiftieth: the last check to fail, should all others be wrong."""
    done = draft(run, tmp_path, "--format", "png", ink="#7a7a7a", paper="#7b7b7b")
    assert f"{ONE}: read clean: read by no decoder, needed: by zxing-cpp and zbar" in done.out
    assert done.code == 1


@pytest.mark.parametrize(
    ("words", "design", "message"),
    [
        (("--margin", "wide"), {}, "--margin 'wide' is no length in millimetres"),
        ((), {"ink": "akzent"}, "'akzent' is no colour: write accent"),
        (("--design", "plate"), {}, "content/labels.yaml has no design 'plate'"),
        (("--format", "zpl"), {"ink": "#000080"}, "zpl prints black dots, not #000080 on #ffffff"),
        (
            ("--format", "pdf-sheet"),
            {"width": "300 mm"},
            "of 300 x 40 mm has no room on A4",
        ),
        (("--model", "nothing"), {}, "no battery is selected"),
        (("--font", __file__), {}, "test_refusals.py is no TrueType font"),
    ],
)
def test_contradictions_are_told(
    run: CommandLine,
    tmp_path: Path,
    words: tuple[str, ...],
    design: dict[str, object],
    message: str,
) -> None:
    form = () if "--format" in words else ("--format", "png")
    done = draft(run, tmp_path, *form, *words, **design)
    assert done.code == 2, done.out
    assert message in done.err
    assert not (tmp_path / "out").exists()


def test_nothing_is_printed_into_the_site(run: CommandLine) -> None:
    words = ("--draft", "--format", "png", "--out", ROOT / "site" / "labels")
    done = run("--project", ROOT, "labels", ONE, *words)
    assert done.code == 2
    assert "lies in the site" in done.err


def test_letters_that_the_font_lacks_are_named(run: CommandLine, tmp_path: Path) -> None:
    write_project(tmp_path)
    write_model(tmp_path, "rack", "51.2")
    write_lot(tmp_path, "A1,rack,2026-12-01,")
    operator = tmp_path / "content/operators/maker.yaml"
    operator.write_text(operator.read_text().replace("Maker GmbH", "Батерия ООД"))
    words = ("--project", tmp_path, "labels", "--draft", "--format", "svg", "--out", tmp_path / "o")
    done = run(*words)
    assert done.code == 2
    assert "the font Vera.ttf has no 'БДОаеиртя': name one that has, with --font" in done.err
    font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    assert run(*words, "--font", font).code == 0
    assert "Батерия ООД" in next((tmp_path / "o").glob("*.svg")).read_text("utf-8")


def test_one_bad_label_stops_the_run_and_each_is_named(run: CommandLine, tmp_path: Path) -> None:
    write_project(tmp_path)
    write_model(tmp_path, "rack", "51.2")
    write_lot(tmp_path, "A1,rack,2026-12-01,", "A2-4567890-4567890,rack,2026-12-01,")
    write(tmp_path, "out/labels.csv", "of an earlier run\n")
    write_design(tmp_path, module="0.593 mm", reading_distance="219 mm")
    words = ("--draft", "--design", NAME, "--format", "csv", "--out", tmp_path / "out")
    done = run("--project", tmp_path, "labels", *words)
    # The longer serial takes a larger version, so the same module makes it readable farther away:
    # it is the shorter one that is too small.
    assert done.code == 1, done.out
    assert "1 of 2 labels can't be printed" in done.err
    assert (tmp_path / "out/labels.csv").read_text() == "of an earlier run\n"
    assert not list(tmp_path.glob(".out-*"))
