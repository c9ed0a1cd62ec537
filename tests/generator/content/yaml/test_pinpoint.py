"""Pinpointing: a path leads to the line and column of what it names."""

from pathlib import Path

import pytest

from generator.content.yaml.pinpoint import Pinpointer
from passport.problems import Place, Problem

YAML = """\
mass: 43.0 kg
share:
  value:
    cell: 1 %
    list:
      - {a: 2 %, b: 3 %}
  as_of: 2026-01-02
agents: [water, foam]
one: only
"""
FILE = "content/models/m/model.yaml"
LOT = "content/batteries/a.csv"
ROWS = "content/batteries/a.jsonl"


@pytest.fixture
def pinpointer(tmp_path: Path) -> Pinpointer:
    for name, text in (
        (FILE, YAML),
        (LOT, 'serial,model\n"A,1",m\nA2,"m"\n'),
        (ROWS, '{"serial": "A1", "model": "m"}\n{"serial": "A2", "model": "m"}\n'),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Pinpointer(tmp_path)


def found(pinpointer: Pinpointer, file: str, path: str, line: int = 1) -> tuple[str, int, int]:
    told = Problem(place=Place(file, line), path=path, rule="r", message="m", remedy="d")
    place = pinpointer.at(told).place
    return place.file, place.line, place.column


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("$.mass", 1, 7),
        ("$.share", 4, 5),
        ("$.share.cell", 4, 11),
        ("$.share.value.cell", 4, 11),
        ("$.share.list[0].b", 6, 21),
        ("$.share.as_of", 7, 10),
        ("$.agents[1]", 8, 17),
        ("$.one[0]", 9, 6),
        ("$.nothing", 1, 1),
        ("$.agents[7]", 8, 9),
        ("$", 1, 1),
    ],
)
def test_yaml(pinpointer: Pinpointer, path: str, line: int, column: int) -> None:
    assert found(pinpointer, FILE, path) == (FILE, line, column)


def test_rows(pinpointer: Pinpointer) -> None:
    assert found(pinpointer, LOT, "model", 2) == (LOT, 2, 7)
    assert found(pinpointer, LOT, "serial", 3) == (LOT, 3, 1)
    assert found(pinpointer, ROWS, "model", 2) == (ROWS, 2, 18)


@pytest.mark.parametrize("file", ["carbon.yaml", "restricted/xiii-3.yaml"])
def test_a_file_that_is_not_there_is_told_at_its_model(pinpointer: Pinpointer, file: str) -> None:
    assert found(pinpointer, f"content/models/m/{file}", "$.x") == (FILE, 1, 1)
