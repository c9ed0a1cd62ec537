"""Problems for people to read: by file, with a table of models and one last line.

Colour is for terminals only, and `NO_COLOR` turns it off there too (https://no-color.org).
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import click

from generator.cli.check_formats import reason
from generator.content.check import Checked
from generator.content.load import Content
from passport.applicability import Outcome, State
from passport.completeness import Completeness
from passport.errors import ContentError
from passport.hosting import Hosting
from passport.problems import Problem, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def wants_colour() -> bool:
    """Whether stdout is a terminal that may show colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


@contextmanager
def problems_on_stderr() -> Iterator[None]:
    """Tell every problem of content that stops the command inside, then let the error go on."""
    try:
        yield
    except ContentError as error:
        click.echo("\n".join(map(str, error.problems)), err=True)
        raise


def text_report(checked: Checked, *, details: bool, colour: bool) -> str:
    """The whole report, problems first and the count last."""
    parts = [*_problems(checked.problems, colour=colour)]
    if checked.completeness:
        parts.append(_table(checked.completeness))
    if details:
        parts += [_details(model) for model in checked.completeness]
    parts.append("".join(f"{line}\n" for line in _site_lines(checked.content)))
    return "\n".join((*parts, f"{last_line(checked)}\n"))


def unseen_line(content: Content) -> str:
    """What a machine without the private root does not see, "" where it sees everything."""
    if not content.unseen:
        return ""
    models = _count(len(content.unseen), "model")
    return f"restricted groups of {models} are not here: kept as they are"


def _site_lines(content: Content) -> Iterator[str]:
    if line := unseen_line(content):
        yield line
    yield f"hosting: {_hosting(content.hosting)}"
    if content.models:
        registered = sum(model.registration is not None for model in content.models)
        of = _count(len(content.models), "model")
        yield f"EU registry: {registered} of {of} registered; as far as we know it takes none yet"


def _hosting(hosting: Hosting | None) -> str:
    if hosting is None:
        return "not recorded; content/hosting.yaml says who stores passports (Art. 78)"
    parts = [hosting.data_host]
    if hosting.processor:
        parts.append(f"processor {hosting.processor.operator}")
    if back_up := hosting.back_up:
        mirror, drill = (day or "never" for day in (back_up.last_mirror, back_up.last_drill))
        parts.append(f"back-up {back_up.operator} (last mirror {mirror}, last drill {drill})")
    return ", ".join(parts)


def last_line(checked: Checked) -> str:
    """The count of problems; for content without any, what was checked."""
    files = _count(checked.files, "file")
    if checked.problems:
        errors, warnings = _count(checked.errors, "error"), _count(checked.warnings, "warning")
        return f"{errors}, {warnings} in {files}"
    content, standard = checked.content, checked.standard
    nouns = (
        _count(len(content.operators), "operator"),
        _count(len(content.models), "model"),
        f"{len(content.batteries)} batter{'y' if len(content.batteries) == 1 else 'ies'}",
    )
    return (
        f"no problems: checked {', '.join(nouns)} in {files} "
        f"against guidance {standard.guidance} as of {standard.as_of}"
    )


def _problems(problems: tuple[Problem, ...], *, colour: bool) -> Iterator[str]:
    for _, group in groupby(problems, key=lambda problem: problem.place.file):
        yield "".join(f"{_line(problem, colour=colour)}\n" for problem in group)


def _line(problem: Problem, *, colour: bool) -> str:
    place, text = str(problem.place), str(problem)
    kind = f"[{problem.severity}: {problem.rule}]"
    if colour:
        text = click.style(place, bold=True) + text.removeprefix(place)
        kind = click.style(kind, fg=_COLOURS[problem.severity])
    return f"{text} {kind}"


def _table(models: tuple[Completeness, ...]) -> str:
    rows = [("model", *(state.value for state in State))]
    rows += [(each.model, *(str(each.counts[state]) for state in State)) for each in models]
    return _aligned(rows, str.rjust)


def _details(model: Completeness) -> str:
    head = (model.model, "data point", "state", "clause", "reason")
    return _aligned((head, *map(_detail, model.outcomes)), str.ljust)


def _detail(outcome: Outcome) -> tuple[str, ...]:
    state = outcome.state.value if outcome.certain else f"{outcome.state.value}?"
    point = outcome.point
    return point.number or "-", point.key, state, point.clause, reason(outcome)


def _aligned(rows: Sequence[tuple[str, ...]], justify: Callable[[str, int], str]) -> str:
    """Lay out a table whose first column is on the left, the others as `justify` does."""
    first, *others = (max(len(cell) for cell in column) for column in zip(*rows, strict=True))
    lines = (
        "  ".join((row[0].ljust(first), *map(justify, row[1:], others))).rstrip() for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
