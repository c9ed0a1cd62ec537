"""Discretion: what could not be read in a restricted file is told without showing it.

Readers quote what someone typed; in the restricted part of a model that may be the secret itself,
and reports end up in the logs of CI. The place says enough to whoever may open the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from passport.problems import Problem

_NOTHING_QUOTED = {"missing-member", "missing-file", "missing-document", "empty-value"}
"""Rules whose messages hold names of ours only."""


def without_restricted_values(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Pass problems on, those of restricted files without what they quote."""
    for problem in problems:
        quotes = problem.rule not in _NOTHING_QUOTED
        yield _hidden(problem) if quotes and is_restricted(problem.place.file) else problem


def is_restricted(file: str) -> bool:
    """Whether a file of content holds what is not for everybody."""
    return "restricted" in PurePosixPath(file).parts


def _hidden(problem: Problem) -> Problem:
    return replace(
        problem,
        message=f"{problem.rule.replace('-', ' ')} (what stands here is restricted and not shown)",
        remedy="compare the line with the data point's type and the file's other lines",
    )
