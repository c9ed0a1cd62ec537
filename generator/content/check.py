"""Check: load a project and gather everything that is wrong with it.

The one way from a folder to content that may be built. Reading problems and broken rules are told
together; what is only missing is a matter of completeness, judged by the same run.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.content.load import Content, load
from passport.checks.context import CheckContext
from passport.checks.table import check_batteries, check_models
from passport.errors import ContentError
from passport.problems import Findings, Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """Content and all problems found in it."""

    content: Content
    problems: tuple[Problem, ...]
    has_errors: bool


def check(project: Path, as_of: date, guidance: str = "") -> Checked:
    """Load a project and run every check; raises `ConfigError` for its settings only."""
    findings = Findings()
    content = load(project, findings)
    context = CheckContext(
        operators={operator.slug: operator for operator in content.operators},
        guidance=guidance or content.config.guidance,
        as_of=as_of,
    )
    findings.extend(check_models(content.models, context))
    findings.extend(check_batteries(content.batteries, content.models, context))
    return Checked(content, findings.problems, findings.has_errors)


def checked_content(project: Path, as_of: date) -> Content:
    """Return content without errors, or raise `ContentError` with all problems."""
    checked = check(project, as_of)
    if checked.has_errors:
        raise ContentError(checked.problems)
    return checked.content
