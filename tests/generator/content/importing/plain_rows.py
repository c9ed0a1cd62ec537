"""Rows of a lot in plain columns, and their import."""

from pathlib import Path

from generator.content.importing.mapping import read_mapping
from generator.content.importing.report import ImportReport
from generator.content.importing.run import ImportJob
from generator.content.importing.table import import_table

PLAIN = """\
[columns]
serial = "serial"
model = "model"
plant = "plant"
manufactured = "manufactured"
placed_on_market = "placed_on_market"
"""
HEAD = "serial,model,plant,manufactured,placed_on_market\n"


def imported(
    project: Path, source: Path, mapping: str = "map.toml", into: str = "dec", **flags: bool
) -> ImportReport:
    known = read_mapping(project / mapping)
    return import_table(ImportJob(project=project, source=source, mapping=known, lot=into, **flags))
