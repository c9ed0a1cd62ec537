"""Other people's verifier of transparency logs: `aics-tlog`, in an environment of its own.

`python -m tests.foreign_tlog` installs what `tests/foreign/tlog.txt` pins into
`tests/foreign/tlog-env`, unless it is there; `make foreign` does so before tests. The package asks
for Python 3.12 and runs on 3.11 as well, so pip is told not to ask.
"""

import json
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

from tests.foreign_node import Object

FOLDER = Path(__file__).parent / "foreign"
LOCK = FOLDER / "tlog.txt"
ENVIRONMENT = FOLDER / "tlog-env"
INSTALLED = ENVIRONMENT / ".installed"
PROGRAMS = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = PROGRAMS / "python"
AICS_TLOG = PROGRAMS / "aics-tlog"


def install() -> None:
    """Install the pinned packages once; what is installed is known by the lock file's bytes."""
    if INSTALLED.exists() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
    ]
    subprocess.run([*pip, "--ignore-requires-python", "--require-hashes", "-r", LOCK], check=True)
    INSTALLED.write_bytes(LOCK.read_bytes())


def ask(questions: Iterable[Object]) -> list[Object]:
    """Return an answer for each question, in order; see `tests/foreign/tlog.py`."""
    lines = "".join(f"{json.dumps(question)}\n" for question in questions)
    done = subprocess.run(
        [PYTHON, "tlog.py"], cwd=FOLDER, input=lines, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(f"aics-tlog failed, is `make foreign` done? {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def command(*words: object) -> Object:
    """Run aics-tlog's own command line, which prints one JSON object; its exit code is added."""
    arguments = [str(word) for word in words]
    done = subprocess.run([AICS_TLOG, *arguments], capture_output=True, text=True, check=False)
    return {**json.loads(done.stdout), "exit": done.returncode}


if __name__ == "__main__":
    install()
    sys.stdout.write(f"the foreign verifier of logs is in {ENVIRONMENT.name}\n")
