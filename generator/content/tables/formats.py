"""Rows of a table on disk, whichever format it has.

A lot is CSV or JSONL, refusals and withdrawals are JSONL (DESIGN 3). Rows are streamed: memory
doesn't grow with the file. Knows neither format.
"""

from collections.abc import Iterator
from pathlib import Path

from generator.content.tables.columns import ColumnSet
from generator.content.tables.csv_rows import read_csv
from generator.content.tables.jsonl_rows import read_jsonl
from generator.content.tables.rows import Row
from passport.problems import Findings

_READERS = {".csv": read_csv, ".jsonl": read_jsonl}
SUFFIXES = tuple(_READERS)


def read_table(path: Path, file: str, columns: ColumnSet, findings: Findings) -> Iterator[Row]:
    """Yield the rows of a file in which nothing is wrong; what is wrong is in `findings`.

    The file ends with one of `SUFFIXES`; `file` is what problems call it: its path in the project.
    Raises `OSError` when it can't be opened.
    """
    with path.open("rb") as stream:
        yield from _READERS[path.suffix](stream, file, columns, findings)
