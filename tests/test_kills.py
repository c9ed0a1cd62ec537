"""A build is killed at any moment: the old site stands, or the next command finishes another."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.cli.build import build
from generator.publish.folder import finish
from generator.read.site import verify_site
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from tests.small_project import write_lot, write_model, write_project

_ROWS = tuple(f"A{number},rack,2026-12-01," for number in range(30))
_PATIENCE = 60
_START = "from generator.cli.main import main; main()"


def _is_genuine(site: Path) -> bool:
    source = FolderSource(FolderStore(site))
    return verify_site(source, None, datetime.now(UTC)).is_genuine


def _building(project: Path, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", _START, "--project", str(project), "build", *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _killed_build(project: Path, seconds: float) -> None:
    with _building(project) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)


def _survives(project: Path, kills: int) -> None:
    write_model(project, "rack", "48.0")
    write_lot(project, *_ROWS)
    site, chance = project / "site", random.Random(3)
    build(project, site)
    started = time.monotonic()
    with _building(project, "--out", str(project / "elsewhere")) as process:
        assert process.wait(_PATIENCE) == 0
    longest = 1.1 * (time.monotonic() - started)
    for number in range(kills):
        write_model(project, "rack", f"{48 + number % 9 + 1}.0")
        _killed_build(project, chance.uniform(0.2, longest))
        finish(site)
        assert _is_genuine(site), f"after kill {number}"
    build(project, site)
    assert _is_genuine(site)


def test_ten_kills(tmp_path: Path) -> None:
    _survives(write_project(tmp_path / "project"), 10)


@pytest.mark.soak
def test_a_hundred_kills(tmp_path: Path) -> None:
    _survives(write_project(tmp_path / "project"), 100)
