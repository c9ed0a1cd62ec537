"""Importing tables of any size takes the memory of a small one."""

import multiprocessing
import resource
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.content.importing.plain_rows import HEAD, imported


def many(path: Path, rows: int, step: Callable[[int], int] = lambda n: n) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for n in range(rows):
            stream.write(f"T48-{step(n):07d},rack,north,2026-11,2026-12-{n % 28 + 1:02d}\n")
    return path


def import_twice(project: Path, rows: int) -> None:
    """Import rows in no order, and import them again."""
    for path in project.glob("content/batteries/*.csv"):
        path.unlink()
    source = many(project / f"{rows}.csv", rows, lambda n: (n * 7919) % rows)
    first = imported(project, source, "plain.toml")
    second = imported(project, source, "plain.toml")
    assert (first.added, second.unchanged, second.written) == (rows, rows, False)


def traced(project: Path, rows: int) -> int:
    """Return the most memory that Python takes for it, in bytes."""
    tracemalloc.start()
    import_twice(project, rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def resident(project: Path, rows: int) -> int:
    """Return the most memory that a process of its own takes for it, in KiB."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(peak_of_twice, (project, rows))


def peak_of_twice(project: Path, rows: int) -> int:
    import_twice(project, rows)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_memory_does_not_grow_with_the_table(project: Path) -> None:
    small = traced(project, 4_000)
    assert traced(project, 20_000) < 1.5 * small


@pytest.mark.soak
def test_a_million_rows_are_imported_in_constant_memory(project: Path) -> None:
    """The database keeps up to 16 MiB of pages in memory, however many rows there are."""
    small = resident(project, 20_000)
    assert resident(project, 1_000_000) < small + 24 * 1024
