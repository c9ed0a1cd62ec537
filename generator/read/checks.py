"""Named checks and what they found: what a verification tells, one line a check.

A verification is a list of named checks (DESIGN 2). A check that fails says where and why; the
others go on, so that one run tells all. How it is printed is the command line's business.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from passport.errors import PassportError

MOST_FAILURES = 100
"""Failures told of one check; a damaged disk needs no million lines."""


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """One thing that does not hold: the path or URL, and the error's words."""

    where: str
    message: str


@dataclass(slots=True)
class Check:
    """One check: its name, how many things it looked at, and what failed."""

    name: str
    title: str
    looked_at: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def fail(self, where: str, message: str) -> None:
        """Note a failure."""
        self.failed += 1
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(where, message))

    @contextmanager
    def of(self, where: str) -> Iterator[None]:
        """Look at one thing: an error of ours in the block is a failure, and ends it."""
        self.looked_at += 1
        try:
            yield
        except PassportError as error:
            self.fail(where, str(error))
