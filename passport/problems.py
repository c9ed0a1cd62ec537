"""Problems: what is wrong in content, where, and what to do about it.

One line a problem, the same everywhere: `file:line:column: path: what is wrong: what to do`
(DESIGN 3). All problems of a run are gathered before any is shown. This module knows neither how
content is read nor how problems are printed; a message never holds a restricted value.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Errors stop a build; warnings do so only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a source file; the path is relative to the project, line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        # A name may hold line breaks, which CI takes for commands, or marks that turn text around.
        file = self.file if self.file.isprintable() else repr(self.file)[1:-1]
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a place, a path inside the document, what is wrong and what to do."""

    place: Place
    path: str
    rule: str
    message: str
    remedy: str
    clause: str = field(default="", kw_only=True)
    severity: Severity = field(default=Severity.ERROR, kw_only=True)

    def __str__(self) -> str:
        basis = f" ({self.clause})" if self.clause else ""
        return f"{self.place}: {self.path}: {self.message}{basis}: {self.remedy}"


class Findings:
    """Gathers problems, so that a person reads all of them at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def error(
        self, place: Place, path: str, rule: str, message: str, remedy: str, clause: str = ""
    ) -> None:
        """Note something that must be mended before anything is built."""
        self.add(Problem(place, path, rule, message, remedy, clause=clause))

    def warning(
        self, place: Place, path: str, rule: str, message: str, remedy: str, clause: str = ""
    ) -> None:
        """Note something that a person should look at."""
        severity = Severity.WARNING
        self.add(Problem(place, path, rule, message, remedy, clause=clause, severity=severity))

    def add(self, problem: Problem) -> None:
        """Note a problem made elsewhere."""
        self._problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note several problems made elsewhere."""
        self._problems.extend(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems by place, each once."""
        unique = dict.fromkeys(self._problems)
        return tuple(sorted(unique, key=lambda p: (p.place, p.path, p.rule, p.message)))

    @property
    def has_errors(self) -> bool:
        """Whether anything noted so far stops a build."""
        return any(problem.severity is Severity.ERROR for problem in self._problems)
