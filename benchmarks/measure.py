"""Measuring: a piece of our work beside its floor, in turns, medians of several rounds.

The floor is the least that anything must do with the same bytes, like splitting a CSV file into
cells. A ratio to it says more than a rate: it hardly depends on the machine. Knows callables only.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is measured. `prepare` runs before each round and isn't counted."""

    name: str
    rows: int
    run: Callable[[], object]
    floor_name: str
    floor: Callable[[], object]
    prepare: Callable[[], object] = lambda: None
    note: Callable[[], str] = lambda: ""
    """Returns what a rate doesn't tell of the last round."""
    target: str = "–"
    """What was asked for, in words."""


@dataclass(frozen=True, slots=True)
class Result:
    """Rates in rows a second, medians of all rounds, and the measure's note on the last one."""

    measure: Measure
    rate: float
    floor_rate: float
    note: str

    @property
    def ratio(self) -> float:
        """How many times as long as the floor it takes."""
        return self.floor_rate / self.rate


def measured(measure: Measure, rounds: int = ROUNDS) -> Result:
    """Run ours and the floor in turns, so that a busy machine is busy for both."""
    ours, floors = [], []
    measure.prepare()
    measure.run()
    for _ in range(rounds):
        measure.prepare()
        floors.append(_seconds(measure.floor))
        ours.append(_seconds(measure.run))
    return Result(
        measure,
        measure.rows / statistics.median(ours),
        measure.rows / statistics.median(floors),
        measure.note(),
    )


def table(results: Iterable[Result]) -> Iterator[str]:
    """Yield the lines of the table, each as soon as its result is there."""
    yield _line("what", "rows", "rows/s", "floor", "rows/s", "x floor")
    for result in results:
        measure = result.measure
        line = _line(
            measure.name,
            f"{measure.rows:,}",
            f"{result.rate:,.0f}",
            measure.floor_name,
            f"{result.floor_rate:,.0f}",
            f"{result.ratio:.1f}",
        )
        yield f"{line}   {result.note}".rstrip()


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _line(name: str, rows: str, rate: str, floor: str, floor_rate: str, ratio: str) -> str:
    return f"{name:<34} {rows:>9} {rate:>9}   {floor:<24} {floor_rate:>11} {ratio:>8}"
