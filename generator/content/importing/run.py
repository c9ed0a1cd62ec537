"""One run of an import: the table as it was asked for, and all that the run finds and counts.

What importing batteries and importing data points have in common: opening the table, finding its
header, passing on its rows, and judging at the end whether anything may be written.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.content.config import SiteConfig, read_config
from generator.content.discretion import without_restricted_values
from generator.content.importing.catalogue import Catalogue, read_catalogue
from generator.content.importing.cells import Cell, SheetRow
from generator.content.importing.delimited import SUFFIXES as DELIMITED
from generator.content.importing.excel import SUFFIXES as EXCEL
from generator.content.importing.mapping import Mapping, normalised
from generator.content.importing.report import ImportReport
from generator.content.importing.sheets import Header, find_header, is_blank, open_table
from generator.content.tables.rows import TableFindings
from passport.problems import Findings, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """What is imported into which project; `lot` is "" for data points of models.

    `sheet` is that of a workbook, "" for the mapping's or the only one. Where rows are wrong,
    nothing is written, unless they are to be skipped.
    """

    project: Path
    source: Path
    mapping: Mapping
    lot: str = ""
    sheet: str = ""
    dry_run: bool = False
    skip_wrong: bool = False

    @contextmanager
    def begin(self) -> Iterator["Run"]:
        """Open the table and find its header; raises `ConfigError`."""
        config = read_config(self.project)
        mapping, wanted = self.mapping, self.mapping.headers
        sheet = self.sheet or (mapping.sheet if self.source.suffix.lower() in EXCEL else "")
        with open_table(
            self.source,
            sheet,
            encoding=mapping.encoding,
            separator=mapping.separator,
            wanted=wanted,
        ) as rows:
            header, below = find_header(rows, wanted, mapping.header_row, self.source)
            file, known, findings = self.source.as_posix(), set(wanted), Findings()
            unmapped = tuple(n for n in header.names if n and normalised(n) not in known)
            yield Run(
                job=self,
                config=config,
                file=file,
                header=header,
                below=below,
                catalogue=read_catalogue(self.project, config),
                findings=findings,
                told=TableFindings(file, findings),
                report=ImportReport(
                    source=file, sheet=sheet, header_row=header.row, unmapped=unmapped
                ),
            )


@dataclass(slots=True, kw_only=True)
class Run:
    """A table whose header was found, what its rows may name, and what was found wrong so far.

    `file` is what problems call the table, `told` its own problems among all `findings`; `below`
    are the rows below the header, which can be read once.
    """

    job: ImportJob
    config: SiteConfig
    file: str
    header: Header
    below: Iterator[SheetRow]
    catalogue: Catalogue
    findings: Findings
    told: TableFindings
    report: ImportReport
    blocked: bool = False
    """Whether content itself is wrong, so that nothing can be imported into it."""

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the rows that hold something, each at least as wide as the header."""
        width = len(self.header.names)
        is_text = self.job.source.suffix.lower() in DELIMITED
        for line, cells in self.below:
            if is_blank(cells):
                self.report.blank += 1
            elif is_text and not is_blank(cells[width:]):
                message = f"this row has {len(cells)} cells, the header has {width}"
                remedy = "put a cell that holds the separator in quotes"
                self.told.error(
                    Place(self.file, line, width + 1), "$", "ragged-row", message, remedy
                )
                self.report.refused += 1
            else:
                missing = width - len(cells)
                yield line, (*cells, *([""] * missing)) if missing > 0 else cells

    def may_write(self) -> bool:
        """Whether nothing wrong was found, or only rows that may be skipped."""
        return not self.blocked and (self.job.skip_wrong or not self.findings.has_errors)

    def finished(self, targets: Sequence[str]) -> ImportReport:
        """Return the report; `written` says whether something was replaced."""
        report = self.report
        report.targets = tuple(targets)
        report.changes.sort()
        report.problems = tuple(without_restricted_values(self.findings.problems))
        report.accepted = self.may_write()
        report.written = report.accepted and report.changes_anything and not self.job.dry_run
        return report
