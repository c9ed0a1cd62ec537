"""`python -m benchmarks`: print how fast we are, as a table. One module a subject, in MODULES."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks import access, broker, deploy, log, review, rows, sealing, signing
from benchmarks.measure import ROUNDS, Result, measured, table
from benchmarks.page import machine, with_figures

MODULES = (rows, review, signing, sealing, log, access, deploy, broker)


@click.command()
@click.option("--page", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(page: Path | None) -> None:
    """Measure everything and print each line as soon as it is there; write all into the page."""
    click.echo(f"{machine()}; medians of {ROUNDS} rounds")
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        for line in table(_results(Path(folder), results)):
            click.echo(line)
    if page:
        page.write_text(with_figures(page.read_text("utf-8"), results), "utf-8")


def _results(folder: Path, kept: list[Result]) -> Iterator[Result]:
    for module in MODULES:
        for measure in module.measures(folder):
            kept.append(measured(measure))
            yield kept[-1]


if __name__ == "__main__":
    main()
