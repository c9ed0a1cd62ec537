"""Twenty thousand labels take the memory of one file, whatever the format."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from generator.labels.layout import lay_out
from generator.labels.pdf import PAGES, SheetWriter
from generator.labels.run import run
from generator.labels.symbol import symbol_of
from tests.many_labels import GRID, STYLE, many
from tests.released_sample import ROOT

MIB = 1 << 20
HOURS = 3600


def peak(count: int, out: Path, form: str) -> int:
    tracemalloc.start()
    try:
        report = run(many(count), STYLE, form, GRID, out)
        assert (report.labels, report.refused) == (count, 0)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident(count: int, out: Path, form: str) -> int:
    """Peak of memory in bytes, of a process of its own."""
    words = (sys.executable, "-m", "tests.many_labels", str(count), form, str(out))
    done = subprocess.run(
        words, cwd=ROOT, check=True, capture_output=True, text=True, timeout=2 * HOURS
    )
    return int(done.stdout) * 1024


@pytest.mark.parametrize("form", ["csv", "zpl"])
def test_six_times_as_many_labels_take_no_more_memory(tmp_path: Path, form: str) -> None:
    few, more = (peak(count, tmp_path / f"{count}", form) for count in (8, 48))
    assert more < few + MIB


def test_a_long_run_of_sheets_goes_into_several_files(tmp_path: Path) -> None:
    """Sheets only, unchecked: a full file and one label more."""
    writer = SheetWriter(tmp_path, GRID, STYLE.colours, STYLE.fonts, "note")
    (label,) = many(1)
    symbol = symbol_of(str(label.uri), "m")
    drawing = lay_out(label, STYLE.design, symbol, STYLE.fonts, draft=False).drawing
    for _ in range(PAGES * GRID.columns * GRID.rows + 1):
        writer.add(drawing)
    writer.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels-001.pdf", "labels-002.pdf"]


@pytest.mark.soak
def test_twenty_thousand_labels_take_no_more_memory_than_two_thousand(tmp_path: Path) -> None:
    few, more = (resident(count, tmp_path / f"{count}", "csv") for count in (2_000, 20_000))
    assert more < few + 8 * MIB


@pytest.mark.soak
def test_sheets_by_the_thousand_take_no_more_memory_than_one_file(tmp_path: Path) -> None:
    per_file = PAGES * GRID.columns * GRID.rows
    few, more = (resident(n * per_file, tmp_path / f"{n}", "pdf-sheet") for n in (2, 8))
    assert more < few + 8 * MIB
