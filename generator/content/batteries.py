"""Batteries: the rows of `content/batteries/<lot>.csv|jsonl`, one a battery.

Knows the columns of a lot; whether a row's model and plant exist is for checks. Which serials are
allowed is a setting of the site; that a row stands for one battery is the law (`passport.unit`).
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from generator.content.tables.columns import Column, ColumnSet, identifier_text, one_line
from generator.content.tables.formats import read_table
from generator.content.tables.rows import Row
from passport.gs1 import Giai, SerialNumber
from passport.model import Battery
from passport.problems import Findings
from passport.unit import one_serial, refused_column
from passport.values import YearMonth, parse_date


def _serial(cell: str, *, allow_any: bool) -> SerialNumber:
    return SerialNumber(one_serial(cell), allow_any=allow_any)


_PLAIN_SERIAL, _ANY_SERIAL = (
    Column(
        name="serial", parse=partial(_serial, allow_any=allow_any), required=True, identifier=True
    )
    for allow_any in (False, True)
)
MODEL = Column(name="model", parse=one_line, required=True)
PLANT = Column(name="plant", parse=one_line, required=True)
MANUFACTURED = Column(name="manufactured", parse=YearMonth.parse, required=True)
PLACED = Column(name="placed_on_market", parse=parse_date)
GIAI = Column(name="giai", parse=Giai, identifier=True)
INSTALLATION = Column(name="installation", parse=one_line)
CREATED = Column(name="created_on", parse=parse_date)
EVENT = Column(name="lifecycle_event", parse=identifier_text)


def read_lot(
    path: Path, name: str, findings: Findings, *, allow_any_serial: bool
) -> Iterator[Battery]:
    """Yield the batteries of a lot; rows with something wrong are noted and left out."""
    serial = _ANY_SERIAL if allow_any_serial else _PLAIN_SERIAL
    for row in read_table(path, name, _columns(serial), findings):
        yield _battery(row, serial)


def lot_columns(*, allow_any_serial: bool) -> ColumnSet:
    """Return the columns that a lot may have, in the order of a file made by us."""
    return _columns(_ANY_SERIAL if allow_any_serial else _PLAIN_SERIAL)


def _columns(serial: Column[SerialNumber]) -> ColumnSet:
    return ColumnSet(
        (serial, MODEL, PLANT, MANUFACTURED, PLACED, GIAI, INSTALLATION, CREATED, EVENT),
        refused_column,
    )


def _battery(row: Row, serial: Column[SerialNumber]) -> Battery:
    return Battery(
        model=row[MODEL],
        serial=row[serial],
        giai=row.get(GIAI),
        plant=row[PLANT],
        manufactured=row[MANUFACTURED],
        placed_on_market=row.get(PLACED),
        place=row.place(),
        installation=row.get(INSTALLATION) or "",
        created_on=row.get(CREATED),
        lifecycle_event=row.get(EVENT) or "",
    )
