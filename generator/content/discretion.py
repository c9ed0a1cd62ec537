"""Discretion: what could not be read in a restricted file is told without showing it.

Readers quote what someone typed; in the restricted part of a model that may be the secret itself,
and reports end up in the logs of CI. The place says enough to whoever may open the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from passport.problems import Problem

_NOTHING_QUOTED = {
    "missing-member",
    "missing-file",
    "missing-document",
    "empty-value",
    "in-both-roots",
    "document-number",
}
"""Rules whose messages hold names of ours only."""

_PATH_QUOTES = {"unknown-key", "duplicate-key"}
"""Rules whose paths end with a name that someone typed."""


def without_restricted_values(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Pass problems on, those of restricted files without what they quote."""
    for problem in problems:
        quotes = problem.rule not in _NOTHING_QUOTED
        yield hidden(problem) if quotes and is_restricted(problem.place.file) else problem


def is_restricted(file: str) -> bool:
    """Whether a file of content holds what is not for everybody."""
    return "restricted" in PurePosixPath(file).parts


def hidden(problem: Problem) -> Problem:
    """Return a problem of a restricted value without what its message quotes."""
    path = problem.path.rpartition(".")[0] if problem.rule in _PATH_QUOTES else problem.path
    return replace(
        problem,
        path=path,
        message=f"what stands here breaks the rule {problem.rule} (not shown: restricted)",
        remedy="compare it with the type of the data point, as `cellfolio datapoints` lists it",
    )
