"""Rows of a table on disk, whichever format it has.

A lot is CSV or JSONL, refusals and withdrawals are JSONL (DESIGN 3). Rows are streamed: memory
doesn't grow with the file. Knows neither format.
"""

from collections.abc import Iterator
from pathlib import Path

from generator.content.columns import ColumnSet
from generator.content.csv_rows import read_csv
from generator.content.jsonl_rows import read_jsonl
from generator.content.rows import Row
from passport.problems import Findings, Place

_READERS = {".csv": read_csv, ".jsonl": read_jsonl}


def read_table(path: Path, file: str, columns: ColumnSet, findings: Findings) -> Iterator[Row]:
    """Yield the rows of a file in which nothing is wrong; what is wrong is in `findings`.

    `file` is what problems call the file: its path in the project. Raises `OSError` when it can't
    be opened.
    """
    read = _READERS.get(path.suffix)
    if read is None:
        message = f"rows can't be read from a file that ends with {path.suffix or 'no suffix'}"
        remedy = f"save it as one of: {', '.join(_READERS)}"
        findings.error(Place(file), "$", "unknown-format", message, remedy)
        return
    with path.open("rb") as stream:
        yield from read(stream, file, columns, findings)
