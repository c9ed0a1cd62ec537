"""Reviews: `cellfolio diff` between two revisions of 100,000 batteries, against splitting lots.

Three changes: ten new lots, a value of the model that all state, and one row. The floor splits both
revisions' lots into cells.
"""

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.measure import Measure
from benchmarks.rows import PROJECT
from generator.review.compare import review
from generator.review.report import markdown_review
from generator.review.snapshot import snapshots_of

BATTERIES = 100_000
_LOTS = 10
_FIGURES = "content/models/telecom-rack-48v/performance.yaml"
_IDENTITY = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")
_DAY = date(2027, 2, 18)


def measures(folder: Path) -> Iterator[Measure]:
    """Yield a measure for each kind of change; revisions are made before."""
    project = _project(folder / "reviewed")
    _commit(project, "start")
    for number in range(_LOTS):
        _write_lot(project, number)
    _commit(project, "lot")
    figures = project / _FIGURES
    figures.write_text(figures.read_text("utf-8").replace("51.2 V", "51.3 V"), "utf-8")
    _commit(project, "value")
    lot = _lot(project, 0)
    lot.write_text(lot.read_text("utf-8").replace("2026-11,2027-02-01", "2026-10,2027-02-01", 1))
    _commit(project, "row")
    for name, before, after, due in (
        ("new lots", "start", "lot", BATTERIES),
        ("a value that all state", "lot", "value", BATTERIES + 1),
        ("one row", "value", "row", 1),
    ):
        yield Measure(
            name=f"review {name}",
            rows=BATTERIES,
            target="20,000 a second",
            run=lambda b=before, a=after, n=due: _review(project, b, a, n),  # type: ignore[misc]
            floor_name="csv.reader, twice",
            floor=lambda: _split(project),
        )


def _project(project: Path) -> Path:
    """Copy the sample, without its batteries and what happened to them."""
    shutil.copytree(PROJECT / "content", project / "content")
    shutil.copy(PROJECT / "cellfolio.toml", project)
    shutil.rmtree(project / "content/events", ignore_errors=True)
    for lot in (project / "content/batteries").iterdir():
        lot.unlink()
    _git(project, "init", "-q")
    return project


def _lot(project: Path, number: int) -> Path:
    return project / f"content/batteries/bench-{number}.csv"


def _write_lot(project: Path, number: int) -> None:
    size = BATTERIES // _LOTS
    with _lot(project, number).open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("serial", "model", "plant", "manufactured", "placed_on_market"))
        for n in range(number * size, (number + 1) * size):
            placed = f"2027-02-{n % 28 + 1:02d}"
            rows.writerow((f"B48-{n:07d}", "telecom-rack-48v", "leipzig", "2026-11", placed))


def _commit(project: Path, name: str) -> None:
    _git(project, "add", "-A")
    _git(project, *_IDENTITY, "commit", "-q", "-m", name)
    _git(project, "tag", name)


def _git(project: Path, *words: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "-C", str(project), *words], check=True, env=environment)


def _review(project: Path, before: str, after: str, due: int) -> None:
    with snapshots_of(before, after, project) as sides:
        found = review(*sides, day=_DAY)
    markdown_review(found)
    if found.new + found.renewed != due:
        raise RuntimeError(f"{found.new} new and {found.renewed} renewed are not {due}")


def _split(project: Path) -> None:
    for number in (*range(_LOTS), *range(_LOTS)):
        with _lot(project, number).open(encoding="utf-8", newline="") as stream:
            for _ in csv.reader(stream):
                pass
