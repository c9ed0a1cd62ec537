"""Runs `cellfolio keys …` on a project, and keeps what was printed."""

from pathlib import Path
from typing import ClassVar

from tests.cli import CommandLine, Run
from tests.small_site import tree


class KeyCommands:
    """Call it with the words behind `under`; who does it is said by `by`, where it is asked."""

    under: ClassVar[tuple[str, ...]] = ("keys",)
    by: ClassVar[tuple[str, ...]] = ()

    def __init__(self, project: Path, run: CommandLine) -> None:
        self.project = project
        self.folder = project / "keys"
        self.site = project / "site"
        self.printed = ""
        self.run = run

    def __call__(self, *words: object) -> Run:
        done = self.run("--project", self.project, *self.under, *words)
        self.printed += done.out + done.err
        return done

    def good(self, *words: object) -> str:
        """Run what must succeed and warn of nothing."""
        done = self(*words, *(() if words[0] == "list" else self.by))
        assert (done.code, done.err) == (0, "")
        return done.out

    def refused(self, told: str, *words: object, code: int = 2) -> None:
        """Run what must fail, print nothing and change nothing."""
        before = self.files()
        done = self(*words, *self.by)
        assert (done.code, done.out, told in done.err) == (code, "", True), done.err
        assert self.files() == before

    def files(self) -> dict[str, bytes]:
        return tree(self.folder)
