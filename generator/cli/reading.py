"""Reading content for a table: what can be read is shown, what can't is told on stderr."""

from pathlib import Path

import click

from generator.content.discretion import without_restricted_values
from generator.content.load import Content, load
from passport.errors import ContentError
from passport.problems import Findings, Severity


def read_content(project: Path) -> tuple[Content, ContentError | None]:
    """Load a project; the error is there when something could not be read, to raise at the end."""
    findings = Findings()
    content = load(project, findings)
    problems = tuple(without_restricted_values(findings.problems))
    for problem in problems:
        click.echo(str(problem), err=True)
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    return content, ContentError(errors) if errors else None
