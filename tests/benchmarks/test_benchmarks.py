"""Benchmarks measure work that is really done, beside a floor, in lines of one width."""

from pathlib import Path

import pytest

from benchmarks import deploy, log, review
from benchmarks.__main__ import MODULES
from benchmarks.measure import Measure, Result, measured, table
from benchmarks.page import with_figures


def test_ours_and_the_floor_take_turns() -> None:
    done: list[str] = []
    measure = Measure(
        name="ours",
        rows=10,
        prepare=lambda: done.append("prepare"),
        run=lambda: done.append("ours"),
        floor_name="nothing",
        floor=lambda: done.append("floor"),
    )
    result = measured(measure, rounds=2)
    assert done == ["prepare", "ours", *["prepare", "floor", "ours"] * 2]
    assert result.ratio == pytest.approx(result.floor_rate / result.rate)
    assert len({len(line) for line in table([result])}) == 1


def test_the_page_has_figures_beside_what_was_asked_for() -> None:
    measure = Measure(
        name="ours", rows=1_000, run=list, floor_name="nothing", floor=list, target="10 a second"
    )
    row = "| ours | 1,000 | 25 | 10 a second | nothing | 50 | 2.0 | p99 3 ms |\n"
    result = Result(measure, 25.0, 50.0, "p99 3 ms")
    once = with_figures("# Performance\n", [result, result])
    assert once.startswith("# Performance\n\n## Figures\n")
    assert once.endswith(2 * row)
    assert with_figures(once, [result]) == once.removesuffix(row)


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(
            module,
            id=module.__name__,
            marks=[pytest.mark.soak] if module in (deploy, log, review) else [],
        )
        for module in MODULES
    ],
)
def test_every_measure_does_its_work(module: object, tmp_path: Path) -> None:
    for measure in module.measures(tmp_path):  # type: ignore[attr-defined]
        measure.prepare()
        measure.run()
        measure.floor()
