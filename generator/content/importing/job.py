"""An import as it was asked for, and the table that it reads.

What importing batteries and importing data points have in common: opening the table, finding its
header, and telling which columns the mapping leaves out.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.content.config import SiteConfig
from generator.content.discretion import without_restricted_values
from generator.content.importing.delimited import DelimitedFile
from generator.content.importing.excel import SUFFIXES, ExcelFile
from generator.content.importing.json_objects import JsonLinesFile
from generator.content.importing.mapping import Mapping, normalised
from generator.content.importing.report import ImportReport, Tally
from generator.content.importing.sheets import Header, SheetFile, SheetRow, find_header
from passport.errors import ConfigError
from passport.problems import Findings

_DELIMITED = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """What is imported into which project; `lot` is "" for data points of models."""

    project: Path
    config: SiteConfig
    source: Path
    mapping: Mapping
    lot: str = ""
    sheet: str = ""
    dry_run: bool = False
    skip_wrong: bool = False

    @property
    def file(self) -> str:
        """What problems call the table."""
        return self.source.as_posix()

    @contextmanager
    def table(self) -> Iterator["Table"]:
        """Open the table and find its header; raises `ConfigError`."""
        wanted = self.mapping.headers
        sheet = open_table(self.source, self.mapping, self.sheet, wanted)
        with sheet.rows() as rows:
            header, below = find_header(rows, wanted, self.mapping.header_row, self.source)
            yield Table(sheet.name, header, below)

    def report(
        self, table: "Table", tally: Tally, findings: Findings, targets: Sequence[str]
    ) -> ImportReport:
        """Return the report; `written` says whether something was replaced."""
        problems = tuple(without_restricted_values(findings.problems))
        accepted = self.may_write(tally, findings)
        return ImportReport(
            source=self.file,
            sheet=table.sheet,
            header_row=table.header.row,
            unmapped=table.unmapped(self.mapping),
            targets=tuple(targets),
            added=tally.added,
            changed=tally.changed,
            unchanged=tally.unchanged,
            refused=tally.refused,
            repeated=tally.repeated,
            blank=tally.blank,
            changes=tuple(sorted(tally.changes)),
            problems=problems,
            accepted=accepted,
            written=accepted and tally.changes_anything and not self.dry_run,
        )

    def may_write(self, tally: Tally, findings: Findings) -> bool:
        """Whether nothing wrong was found, or only rows that may be skipped."""
        return not tally.blocked and (self.skip_wrong or not findings.has_errors)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header was found; `rows` are those below it and can be read once."""

    sheet: str
    header: Header
    rows: Iterator[SheetRow]

    def unmapped(self, mapping: Mapping) -> tuple[str, ...]:
        """The headers that the mapping doesn't name."""
        known = set(mapping.headers)
        return tuple(name for name in self.header.names if name and normalised(name) not in known)


def open_table(
    path: Path, mapping: Mapping | None, sheet: str, wanted: tuple[str, ...] = ()
) -> SheetFile:
    """Return a file as a table, by its suffix; raises `ConfigError` for another one."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ConfigError(f"there is no file {path}", "name a CSV, Excel or JSONL file")
    if suffix in SUFFIXES:
        return ExcelFile(path, sheet or (mapping.sheet if mapping else ""))
    if sheet:
        raise ConfigError(f"{path} has no sheets", "leave out --sheet")
    if suffix in _DELIMITED:
        encoding, separator = (mapping.encoding, mapping.separator) if mapping else ("", "")
        return DelimitedFile(path, encoding, separator)
    if suffix == ".jsonl":
        return JsonLinesFile(path, wanted)
    known = ", ".join((*SUFFIXES, *_DELIMITED, ".jsonl"))
    old = "save it as .xlsx" if suffix == ".xls" else f"save it as one of: {known}"
    raise ConfigError(f"tables can't be read from {path.name}", old)
