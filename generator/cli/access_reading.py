"""What `cellfolio access` works on: content whose access can be relied on.

A client must be taken away at once, also while a model lacks data. So errors in access and in
events (from which cessation follows) stop these commands, and no others do.
"""

from datetime import date
from pathlib import Path

from generator.cli.report import problems_on_stderr
from generator.content.access.load import ACCESS_FOLDER
from generator.content.check import check
from generator.content.events.files import EVENTS_FOLDER
from generator.content.load import Content
from passport.errors import ContentError
from passport.problems import Problem, Severity

_STOPPING = (f"content/{ACCESS_FOLDER}/", f"{EVENTS_FOLDER.as_posix()}/")


def read_for_access(project: Path, day: date) -> Content:
    """Return content; errors of access and of events are told, then raised as `ContentError`."""
    checked = check(project, day)
    errors = tuple(each for each in checked.problems if _stops(each))
    with problems_on_stderr():
        if errors:
            raise ContentError(errors)
    return checked.content


def _stops(problem: Problem) -> bool:
    is_error = problem.severity is Severity.ERROR
    return is_error and any(folder in problem.place.file for folder in _STOPPING)
