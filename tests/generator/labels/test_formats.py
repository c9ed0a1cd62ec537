"""Labels of the sample in every format, read by two decoders, with the right text beside."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from generator.content.load import load
from passport.problems import Findings
from tests.cli import CommandLine, Run
from tests.decoders import read_qr, zbar_texts, zxing_texts
from tests.generator.labels.designs import NAME, sample_with, write_design
from tests.label_pictures import opened, pdf_pages, pdf_text, zpl_picture
from tests.released_sample import ORIGIN, ROOT, ReleasedSample

DEMO = "https://id.example.com"
SIZE = (780, 472)
"""Dots of 66 x 40 mm at 300 dpi."""


def batteries() -> int:
    return len(load(ROOT, Findings()).batteries)


def texts(picture: Image.Image) -> list[str]:
    by_zxing = zxing_texts(picture)
    assert by_zxing == zbar_texts(picture)
    return by_zxing


def png_bytes(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def uris(run: CommandLine, project: Path) -> list[str]:
    listed = run("--project", project, "list", "--format", "csv").out
    return sorted(row["product_uri"] for row in csv.DictReader(io.StringIO(listed)))


def labels(
    run: CommandLine, sample: ReleasedSample, out: Path, *words: object
) -> dict[str, object]:
    done = run("--project", sample.folder, "labels", "--out", out, *sample.at, *words, "--json")
    assert done.code == 0, done.out + done.err
    report: dict[str, object] = json.loads(done.out)
    return report


def draft(run: CommandLine, folder: Path, *words: object, **design: object) -> Run:
    """Draw labels of the sample by a design into `out` of a folder."""
    project = sample_with(folder / "project", **design)
    named = ("--draft", "--design", NAME, "--out", folder / "out")
    done = run("--project", project, "labels", *named, *words)
    assert done.code == 0, done.out + done.err
    return done


@pytest.mark.requirement("R6.2")
def test_sheets_are_read_page_by_page(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    report = labels(run, released, tmp_path / "out", "--format", "pdf-sheet")
    assert (report["labels"], report["refused"]) == (batteries(), 0)
    (pdf,) = (tmp_path / "out").iterdir()
    pages = pdf_pages(pdf, tmp_path / "pages")
    assert {page.size for page in pages} == {(2481, 3508)}
    found = [text for page in pages for text in texts(page)]
    assert sorted(found) == uris(run, released.folder)


def test_a_sheet_says_in_words_what_its_codes_say(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    words = ("--format", "pdf-sheet", "--lot", "2026-10-vc480")
    labels(run, released, tmp_path / "out", *words)
    text = pdf_text(tmp_path / "out/labels-001.pdf")
    for line in (
        "Ostsund VC480-100",
        "OK-VC480-100",
        "SN VC480-2610-001",
        "(01)09506000134376",
        "(21)VC480-2610-006",
        "id.feldmark-packs.eu",
    ):
        assert line in text
    assert len(re.findall(r"\bPb\b", text)) == 6
    assert "DRAFT" not in text
    assert "print at 100 %, without fitting to the page" in text


def test_a_second_run_writes_the_same_sheet(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    for out in ("a", "b"):
        labels(run, released, tmp_path / out, "--format", "pdf-sheet", "T48L")
    first, second = (tmp_path / out / "labels-001.pdf" for out in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_pictures_know_their_size_and_are_read(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    labels(run, released, tmp_path, "--format", "png", "--model", "ev-pack-63")
    found = []
    for path in sorted(tmp_path.glob("*.png")):
        picture = opened(path)
        assert picture.size == SIZE
        assert picture.mode == "L"
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        found.append(read_qr(path.read_bytes()))
        assert path.stem == f"01_09506000134406_21_{found[-1].rpartition('/')[2]}"
    assert len(found) == 8
    assert all(uri.startswith(f"{ORIGIN}/01/09506000134406/21/V63-2611-") for uri in found)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_a_label_printer_gets_the_dots_that_were_checked(
    run: CommandLine, tmp_path: Path, dpi: int
) -> None:
    done = draft(run, tmp_path, "--format", "zpl", "T48L", "--json", dpi=dpi)
    report = json.loads(done.out)
    (dots,) = (c["worst"] for c in report["checks"] if c["check"] == "whole dots")
    assert re.match(r"[0-9]+\.00 dots", dots)
    assert report["labels"] == 6
    for path in sorted((tmp_path / "out").glob("*.zpl")):
        label = path.read_bytes()
        picture = zpl_picture(label)
        assert picture.size == (round(66 * dpi / 25.4), round(40 * dpi / 25.4))
        assert set(picture.tobytes()) == {0, 255}
        uri = read_qr(png_bytes(picture))
        assert f"^FX {uri}\n".encode() in label
        assert uri.rpartition("/")[2] in path.name


def test_each_module_of_a_printer_is_so_many_dots_wide(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    own = ReleasedSample(Path(shutil.copytree(released.folder, tmp_path / "project")))
    tried = {"device": "Phone", "distance": "200 mm", "result": "passed", "tested_on": "2026-10-20"}
    told = {"legibility": "Read by two people", "unreadable": "The hotline knows the serial"}
    bare: dict[str, object] = {"texts": [], "symbols": False, "module": "0.508 mm"}
    write_design(own.folder, **bare, **told, tests=[tried])
    words = ("--format", "zpl", "--design", NAME, "T48L2611-0001")
    labels(run, own, tmp_path / "out", *words)
    (path,) = (tmp_path / "out").glob("*.zpl")
    picture = zpl_picture(path.read_bytes())
    box = picture.point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert (right - left, bottom - top) == (41 * 6, 41 * 6)
    for at in range(left, right):
        # Columns change where modules do and nowhere else.
        same = picture.crop((at, top, at + 1, bottom)).tobytes()
        if (at - left) % 6:
            assert same == picture.crop((at - 1, top, at, bottom)).tobytes()


def test_a_print_shop_gets_a_table(
    run: CommandLine, released: ReleasedSample, tmp_path: Path
) -> None:
    labels(run, released, tmp_path, "--format", "csv")
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["product_uri"] for row in rows) == uris(run, released.folder)
    first = next(row for row in rows if row["serial"] == "VC480-2610-001")
    assert first == {
        "serial": "VC480-2610-001",
        "product_uri": f"{ORIGIN}/01/09506000134376/21/VC480-2610-001",
        "identifier": "(01)09506000134376(21)VC480-2610-001",
        "model": "Ostsund VC480-100 OK-VC480-100",
        "maker": "Ostsund",
        "symbols": "CE separate-collection Pb",
        "qr_version": "6",
        "error_correction": "Q",
        "module_mm": "0.677",
        "dots_per_module": "8",
        "dpi": "300",
        "width_mm": "66",
        "height_mm": "40",
        "draft": "",
    }
    identifiers = {row["identifier"] for row in rows if row["serial"].startswith("S215")}
    assert all(identifier.startswith("(8004)9506000S215") for identifier in identifiers)


@pytest.fixture
def drafts(run: CommandLine, tmp_path: Path) -> Path:
    """Drafts of the demo's labels in four formats; it has no site of its own to ask."""
    for form in ("svg", "png", "zpl", "pdf-sheet"):
        out = tmp_path / form
        done = run("--project", ROOT, "labels", "--draft", "--format", form, "T48L", "--out", out)
        assert done.code == 0, done.err
        assert "drafts of 6 labels" in done.out
    return tmp_path


@pytest.mark.requirement("R6.3")
def test_drafts_say_so_and_can_be_tried_with_a_phone(drafts: Path) -> None:
    name = "01_09506000134352_21_T48L2611-0001"
    uri = f"{DEMO}/01/09506000134352/21/T48L2611-0001"
    assert ">DRAFT</text>" in (drafts / f"svg/{name}.svg").read_text("utf-8")
    png = (drafts / f"png/{name}.png").read_bytes()
    assert read_qr(png) == uri
    # The mark's grey lies on the label, the code's own black over it.
    assert 219 in Image.open(io.BytesIO(png)).tobytes()
    assert read_qr(png_bytes(zpl_picture((drafts / f"zpl/{name}.zpl").read_bytes()))) == uri
    pdf = drafts / "pdf-sheet/labels-001.pdf"
    assert pdf_text(pdf).count("DRAFT") == 6 + 1
    (page,) = pdf_pages(pdf, drafts / "pages")
    assert len(texts(page)) == 6


@pytest.mark.parametrize("size", ["30x30", "32x62", "100x60", "120x30", "25x25"])
def test_labels_of_other_shapes_are_read(run: CommandLine, tmp_path: Path, size: str) -> None:
    width, _, height = size.partition("x")
    bare: dict[str, object] = {"texts": [], "symbols": False}
    look = {
        "width": f"{width} mm",
        "height": f"{height} mm",
        "reading_distance": "150 mm",
        **(bare if size in ("30x30", "25x25") else {}),
    }
    draft(run, tmp_path, "--format", "png", "T48L2611-0001", **look)
    (path,) = (tmp_path / "out").glob("*.png")
    assert read_qr(path.read_bytes()).endswith("/T48L2611-0001")


def test_colours_of_the_theme_are_printed_with(run: CommandLine, tmp_path: Path) -> None:
    draft(run, tmp_path, "--format", "png", "T48L2611-0001", ink="accent", paper="paper")
    (path,) = (tmp_path / "out").glob("*.png")
    picture = opened(path)
    assert picture.mode == "RGB"
    colours = {colour for _, colour in picture.getcolors(1 << 20) or ()}
    assert {(0x1D, 0x4E, 0x6B), (0xFA, 0xF8, 0xF3)} <= colours
    assert read_qr(path.read_bytes()).endswith("/T48L2611-0001")


@pytest.mark.parametrize("design", ["rack-front", "cabinet-door"])
def test_the_designs_of_the_sample_print_every_battery(
    run: CommandLine, tmp_path: Path, design: str
) -> None:
    words = ("labels", "--draft", "--design", design, "--format", "zpl", "--out", tmp_path)
    report = json.loads(run("--project", ROOT, *words, "--json").out)
    assert (report["refused"], len(list(tmp_path.iterdir()))) == (0, batteries())
    for path in tmp_path.glob("*-2610-00*.zpl"):
        uri = read_qr(png_bytes(zpl_picture(path.read_bytes())))
        assert path.stem.endswith(uri.rpartition("/")[2])
