"""Lots: one row a battery, and what would make a row stand for several is refused at its line."""

from pathlib import Path

import pytest

from generator.content.batteries import read_lot
from passport.model import Battery
from passport.problems import Findings

SENTENCE = "Art. 77(1): one passport for each battery placed on the market; list the batteries"
ROW = "m,north,2027-01"


def read(tmp_path: Path, text: str, suffix: str = ".csv") -> tuple[list[Battery], list[str]]:
    path = tmp_path / f"lot{suffix}"
    path.write_text(text, encoding="utf-8")
    findings = Findings()
    batteries = list(read_lot(path, path.name, findings, allow_any_serial=False))
    return batteries, [str(problem) for problem in findings.problems]


def test_each_row_is_a_battery(tmp_path: Path) -> None:
    header = "serial,model,plant,manufactured,placed_on_market,installation\n"
    batteries, told = read(tmp_path, f"{header}A001,{ROW},2027-02-18,Site 7\nA002,{ROW},,\n")
    assert told == []
    assert [str(battery.serial) for battery in batteries] == ["A001", "A002"]
    assert [battery.installation for battery in batteries] == ["Site 7", ""]


@pytest.mark.parametrize(
    ("column", "how"),
    [
        ("quantity", "counts batteries"),
        ("count", "counts batteries"),
        ("serial_from", "spans serial numbers"),
        ("serial_to", "spans serial numbers"),
        ("site", "stands for all batteries of a place"),
    ],
)
@pytest.mark.requirement("R1.7")
def test_row_with_a_shared_column_is_refused_at_its_line(
    tmp_path: Path, column: str, how: str
) -> None:
    rows = f"A001,{ROW},\nA002,{ROW},40\n"
    batteries, told = read(tmp_path, f"serial,model,plant,manufactured,{column}\n{rows}")
    assert told == [f"lot.csv:3:22: {column}: the column {column!r} {how}: {SENTENCE}"]
    assert [str(battery.serial) for battery in batteries] == ["A001"]


@pytest.mark.parametrize(
    ("cell", "shown", "what"),
    [
        ("A001-A050", "A001-A050", "is a range of serial numbers"),
        ("A001 to A050", "A001 to A050", "is a range of serial numbers"),
        ("A001..A050", "A001..A050", "is a range of serial numbers"),
        ('"A001, A002"', "A001, A002", "lists several serial numbers"),
    ],
)
@pytest.mark.requirement("R1.7")
def test_cell_with_several_serials_is_refused_at_its_line(
    tmp_path: Path, cell: str, shown: str, what: str
) -> None:
    text = f"serial,model,plant,manufactured\nA000,{ROW}\n{cell},{ROW}\n"
    batteries, told = read(tmp_path, text)
    assert told == [f"lot.csv:3:1: serial: {shown!r} {what}: {SENTENCE}"]
    assert len(batteries) == 1


def test_a_name_of_two_lines_is_refused(tmp_path: Path) -> None:
    rows = 'A001,"ra\nck",north,2027-01\nA002,rack,north,2027-01\n'
    batteries, told = read(tmp_path, f"serial,model,plant,manufactured\n{rows}")
    assert told == ["lot.csv:2:6: model: 'ra\\nck' has several lines: write it on one line"]
    assert len(batteries) == 1


def test_members_of_a_line_of_json_are_refused_too(tmp_path: Path) -> None:
    good = '{"serial": "A1", "model": "m", "plant": "north", "manufactured": "2027-01"}'
    bad = good[:-1].replace("A1", "A2") + ', "quantity": 40}'
    batteries, told = read(tmp_path, f"{good}\n{bad}\n", ".jsonl")
    assert len(batteries) == 1
    assert told == [f"lot.jsonl:2:77: quantity: the column 'quantity' counts batteries: {SENTENCE}"]


def test_other_unknown_columns_are_unknown(tmp_path: Path) -> None:
    _, told = read(tmp_path, f"serial,model,plant,manufactured,colour\nA001,{ROW},red\n")
    assert len(told) == 1
    assert "'colour' is not a known column" in told[0]
