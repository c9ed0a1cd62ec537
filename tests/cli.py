"""Runs the command line inside the test's process, as `main()` does in a shell."""

from dataclasses import dataclass

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
