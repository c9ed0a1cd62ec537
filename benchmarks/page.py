"""The figures in docs/performance.md: one run's results, its day and its machine.

They are replaced as a whole, so that figures of two runs or machines never stand side by side. The
rest of the page is the page's own. Knows results, not how they came about.
"""

import os
import platform
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Result

HEADING = "\n## Figures\n"

_COLUMNS = ("what", "rows", "a second", "asked for", "floor", "a second", "times its floor", "note")


def machine() -> str:
    """Return in one line what the figures are measured on."""
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {gibibytes:.0f} GiB, {platform.system()},"
        f" Python {platform.python_version()}"
    )


def with_figures(page: str, results: Iterable[Result]) -> str:
    """Return the page with the figures of a run that has just ended, in place of earlier ones."""
    text, _, _ = page.partition(HEADING)
    run = f"\n{datetime.now(UTC):%Y-%m-%d}, on {machine()}.\n\n"
    return text + HEADING + run + "".join(f"| {' | '.join(row)} |\n" for row in _rows(results))


def _rows(results: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    yield _COLUMNS
    yield tuple("---" for _ in _COLUMNS)
    for result in results:
        measure = result.measure
        yield (
            measure.name,
            f"{measure.rows:,}",
            f"{result.rate:,.0f}",
            measure.target,
            measure.floor_name,
            f"{result.floor_rate:,.0f}",
            f"{result.ratio:.1f}",
            result.note or "–",
        )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())
