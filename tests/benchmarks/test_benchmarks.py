"""Benchmarks measure work that is really done, beside a floor, in lines of one width."""

from pathlib import Path

import pytest

from benchmarks.__main__ import MODULES
from benchmarks.measure import Measure, measured, table


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


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_measure_does_its_work(module: object, tmp_path: Path) -> None:
    for measure in module.measures(tmp_path):  # type: ignore[attr-defined]
        measure.prepare()
        measure.run()
        measure.floor()
