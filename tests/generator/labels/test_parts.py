"""The parts of a label: rectangles, symbols, run lengths, sheets, colours."""

from math import dist, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.labels.colours import Colour, Colours, parse_colour
from generator.labels.drawing import blocks
from generator.labels.marks import BIN, CE
from generator.labels.pdf import A4, Grid
from generator.labels.symbol import symbol_of
from generator.labels.zpl import zpl
from passport.errors import ConfigError
from tests.label_pictures import zpl_picture

ROWS = st.integers(1, 12).flatmap(
    lambda width: st.lists(
        st.lists(st.booleans(), min_size=width, max_size=width).map(tuple), min_size=1, max_size=12
    ).map(tuple)
)


@given(ROWS)
def test_rectangles_cover_dark_modules_once_and_no_light_one(
    rows: tuple[tuple[bool, ...], ...],
) -> None:
    covered = [
        (x + across, y + down)
        for x, y, width, height in blocks(rows)
        for across in range(width)
        for down in range(height)
    ]
    dark = {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert len(covered) == len(set(covered))
    assert set(covered) == dark


@given(ROWS)
def test_run_lengths_are_undone(rows: tuple[tuple[bool, ...], ...]) -> None:
    """Each module eight or forty dots wide, so that short and long runs come up."""
    for scale in (1, 5):
        content = [bytes([255 if dark else 0]) * scale for row in rows for dark in row]
        width = len(rows[0])
        lines = [b"".join(content[at : at + width]) for at in range(0, len(content), width)]
        picture = zpl_picture(zpl(lines, 8 * width * scale, "test"))
        assert picture.tobytes() == bytes(
            255 - byte for line in lines for byte in line for _ in "8" * 8
        )


def test_the_ce_marking_has_its_proportions() -> None:
    """Two rings of outer radius 10 and inner radius 7, 17 apart, on 28 by 20 (Annex II)."""
    points = [(x * 20, y * 20) for polygon in CE.polygons for x, y in polygon]
    assert isclose(min(x for x, _ in points), 0, abs_tol=0.05)
    assert isclose(max(x for x, _ in points), 28, abs_tol=0.2)
    assert isclose(min(y for _, y in points), 0, abs_tol=0.05)
    assert isclose(max(y for _, y in points), 20, abs_tol=0.05)
    first, second, _ = CE.polygons
    for polygon, centre in ((first, (10, 10)), (second, (27, 10))):
        radii = {round(dist((x * 20, y * 20), centre), 6) for x, y in polygon}
        assert radii == {10, 7}


def test_symbols_keep_in_their_boxes() -> None:
    for mark in (BIN, CE):
        for x, y in (point for polygon in mark.polygons for point in polygon):
            assert -0.02 <= x <= mark.aspect + 0.02
            assert -0.02 <= y <= 1.02


@pytest.mark.parametrize(("level", "version"), [("m", 4), ("q", 5), ("h", 6)])
def test_a_symbol_keeps_the_level_that_was_asked_for(level: str, version: int) -> None:
    symbol = symbol_of("https://id.example.com/01/09506000134352/21/T48L2611-0001", level)
    assert (symbol.version, symbol.modules) == (version, 17 + 4 * version)


def test_labels_of_a_sheet_lie_on_dots_inside_the_margin() -> None:
    grid = Grid(width=66, height=40, margin=5, gap=0, dpi=300)
    places = list(grid.places())
    assert (grid.columns, grid.rows, len(places)) == (3, 7, 21)
    for x, y in places:
        assert 5 <= x <= A4[0] - 5 - 66
        assert 5 <= y <= A4[1] - 5 - 40
        assert isclose(x * 300 / 25.4, round(x * 300 / 25.4), abs_tol=1e-6)
    apart = Grid(width=66, height=40, margin=5, gap=3, dpi=300)
    assert (apart.columns, apart.rows) == (2, 6)


@pytest.mark.parametrize(
    ("ink", "paper", "contrast"),
    [
        ("#000000", "#ffffff", 1.0),
        ("#ffffff", "#000000", -1.0),
        ("#ff0000", "#ffffff", 0.0),  # red light sees nothing
        ("#0000ff", "#ffffff", 0.928),
        ("#808080", "#ffffff", 0.784),
    ],
)
def test_contrast_is_that_of_the_worse_light(ink: str, paper: str, contrast: float) -> None:
    colours = Colours(parse_colour(ink, {}), parse_colour(paper, {}))
    assert colours.contrast == pytest.approx(contrast, abs=0.001)


def test_colours_are_spelled_in_three_ways() -> None:
    assert parse_colour("ink", {"ink": "#1b1d21"}) == Colour(0x1B, 0x1D, 0x21)
    assert parse_colour("#1b1d2180", {}).alpha == 0x80
    assert parse_colour("transparent", {}).alpha == 0
    with pytest.raises(ConfigError, match="'#12' is no colour"):
        parse_colour("#12", {})
