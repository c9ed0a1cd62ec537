"""The report of an import: what was added, changed and left as it was, and what was refused.

Counts are complete; single changes are listed up to a number that a person can read. Nothing here
prints.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from passport.problems import Problem, Severity

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that changes; `old` is "" where there was none."""

    name: str
    old: str
    new: str

    def __str__(self) -> str:
        values = f"{self.old} -> {self.new}" if self.old else self.new
        return f"{self.name} {values}".strip()


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What a row of the table does to content: the row's number and what it names."""

    line: int
    subject: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)
    """Empty where something is added."""

    def __str__(self) -> str:
        if not self.edits:
            return f"row {self.line}: {self.subject}: added"
        listed = ", ".join(map(str, self.edits))
        return f"row {self.line}: {self.subject}: changed: {listed}"


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do; it is filled in while the import runs."""

    source: str
    sheet: str
    header_row: int
    unmapped: tuple[str, ...]
    """Headers of columns that the mapping doesn't name."""
    targets: tuple[str, ...] = ()
    """Files of content, relative to the project."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    repeated: int = 0
    blank: int = 0
    changes: list[Change] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    accepted: bool = False
    """Whether nothing wrong was found, or only rows that may be skipped."""
    written: bool = False

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What had to be refused."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)

    @property
    def changes_anything(self) -> bool:
        """Whether content would differ afterwards."""
        return self.added + self.changed > 0

    def add(self, line: int, subject: str) -> None:
        """Count something that content doesn't have yet."""
        self.added += 1
        self._list(Change(line, subject))

    def change(self, line: int, subject: str, edits: Iterable[Edit]) -> None:
        """Count something that content has with other values."""
        self.changed += 1
        self._list(Change(line, subject, tuple(edits)))

    def _list(self, change: Change) -> None:
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(change)
