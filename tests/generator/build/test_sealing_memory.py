"""Memory of a build that seals documents of 64 MiB: as much for many as for one."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from passport.sealing.size_class import LARGEST_DOCUMENT
from tests.small_project import write, write_lot, write_model, write_project

MOST = 300 << 20
"""Bytes above what the same build takes without documents."""
MEASURED = """\
import atexit, resource, sys
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
atexit.register(lambda: print(peak() * 1024, file=sys.stderr))
from generator.cli.main import main
main()
"""
_STEP = "  - {{step: {number}, action: Turn it round., drawing: view-{number}}}\n"
_DOCUMENT = """\
  view-{number}:
    file: restricted/{number}.pdf
    sha256: {digest}
    title: A view of the inside
    languages: [en]
    number: {number}
"""


@pytest.mark.soak
def test_documents_are_sealed_one_at_a_time(tmp_path: Path) -> None:
    without = peak_of_build(project_with(tmp_path / "without", 0))
    one = peak_of_build(project_with(tmp_path / "one", 1))
    four = peak_of_build(project_with(tmp_path / "four", 4))
    assert one - without < MOST
    assert four - without < MOST


def project_with(folder: Path, count: int) -> Path:
    """Write a project whose model has so many of the longest documents."""
    project = write_project(folder)
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2026-12-01,")
    model = project / "content/models/rack"
    (model / "restricted").mkdir()
    steps, documents = "", ""
    for number in range(1, count + 1):
        content = os.urandom(LARGEST_DOCUMENT)
        (model / f"restricted/{number}.pdf").write_bytes(content)
        steps += _STEP.format(number=number)
        documents += _DOCUMENT.format(number=number, digest=sha256(content).hexdigest())
    if count:
        write(model, "restricted/xiii-2.yaml", f"disassembly_sequence:\n{steps}")
        with (model / "model.yaml").open("a", encoding="utf-8") as file:
            file.write(f"documents:\n{documents}")
    return project


def peak_of_build(project: Path) -> int:
    """Build in a process of its own, twice, and return the most bytes that it ever held."""
    command = [sys.executable, "-c", MEASURED, "--project", str(project), "build"]
    peaks = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stderr.split()[-1]))
    return max(peaks)
