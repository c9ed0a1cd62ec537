"""Runs `tests/foreign/opener.mjs`: it opens sealed files, and was written from our pages alone."""

import json
import subprocess
from pathlib import Path

from tests.foreign_node import FOLDER, NODE, Object

HOST = "id.example.com"


def opened(site: Path, keys: Path) -> list[Object]:
    """Return what it says of each sealed file of a site; an escrow file's JSON lies in `keys`."""
    code, told = asked(site, keys)
    assert code == 0, told[-1]
    return told


def refused(site: Path, keys: Path) -> tuple[Object, list[Object]]:
    """Return where and why it stopped, and what it had said of files before that one."""
    code, told = asked(site, keys)
    assert code == 4, told[-1]
    return told[-1], told[:-1]


def asked(site: Path, keys: Path) -> tuple[int, list[Object]]:
    """Return its exit code and what it printed."""
    done = run_opener(site, keys)
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def run_opener(site: Path, keys: Path) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        [str(NODE), "opener.mjs", str(site), HOST, str(keys)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
