"""Tables on disk: the format by suffix, and memory that doesn't grow with the file."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.content.tables.columns import Column, ColumnSet
from generator.content.tables.formats import read_table
from generator.content.tables.rows import Row
from passport.problems import Findings

SERIAL = Column(name="serial", parse=str, required=True)
COLUMNS = ColumnSet((SERIAL,))


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "serial\nA-1\n"), ("a.jsonl", '{"serial": "A-1"}\n')]
)
def test_the_suffix_tells_the_format(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    findings = Findings()
    rows = list(read_table(tmp_path / name, f"content/{name}", COLUMNS, findings))
    assert [row[SERIAL] for row in rows] == ["A-1"]
    assert str(rows[0].place("serial")).startswith(f"content/{name}:")
    assert findings.problems == ()


@pytest.mark.parametrize("row", ["A-1\n", " \n"], ids=["rows", "problems"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, row: str) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text("serial\n" + row * 2_000, "utf-8")
    large.write_text("serial\n" + row * 40_000, "utf-8")
    peak(small)
    assert peak(large) < 2 * peak(small)


def peak(path: Path) -> int:
    """Return the most memory that reading a table takes, in bytes."""
    tracemalloc.start()
    exhaust(read_table(path, path.name, COLUMNS, Findings()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def exhaust(rows: Iterator[Row]) -> None:
    for _ in rows:
        pass
