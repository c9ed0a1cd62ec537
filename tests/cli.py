"""Runs the command line inside the test's process, as `main()` does in a shell."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cli.main import main


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Call it with the words behind `cellfolio`."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Run:
        self.monkeypatch.setattr("sys.argv", ["cellfolio", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = self.capsys.readouterr()
        code = ended.value.code
        return Run(code if isinstance(code, int) else int(code is not None), told.out, told.err)

    def fails_saying(self, told: str, *words: object, code: int = 2) -> None:
        """Run what must end with this code, print nothing and tell this as its error."""
        done = self(*words)
        assert (done.code, done.out, told in done.err) == (code, "", True), done.err

    def failed_checks(self, site: Path) -> set[str]:
        """Verify a site and return the checks that fail; without any it must be genuine."""
        done = self("verify", site, "--json")
        report = json.loads(done.out)
        failed = {check["name"] for check in report["checks"] if check["failed"]}
        ended = (4, "not genuine") if failed else (0, "genuine")
        assert (done.code, report["verdict"]) == ended, done.err
        return failed
