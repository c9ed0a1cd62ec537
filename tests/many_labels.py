"""Labels by the thousand: `python -m tests.many_labels COUNT FORMAT OUT` prints the memory it took.

The batteries are made up while they are asked for, so that what grows would be the run's own.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from generator.content.load import load
from generator.labels.colours import Colours
from generator.labels.content import LabelContent, label_content
from generator.labels.pdf import Grid, load_fonts
from generator.labels.run import Style, run
from passport.gs1 import SerialNumber
from passport.label_design import LabelDesign
from passport.model import Battery
from passport.problems import Findings
from tests.released_sample import ROOT

STYLE = Style(design=LabelDesign(), colours=Colours(), fonts=load_fonts(None, None), draft=True)
GRID = Grid(width=66, height=40, margin=5, gap=0, dpi=300)


def many(count: int) -> Iterator[LabelContent]:
    """Yield labels of one model of the sample."""
    content = load(ROOT, Findings())
    first = content.batteries[0]
    model = next(model for model in content.models if model.slug == first.model)
    for number in range(count):
        battery = Battery(
            model=first.model,
            serial=SerialNumber(f"N{number:08}"),
            giai=None,
            plant=first.plant,
            manufactured=first.manufactured,
            placed_on_market=None,
            place=first.place,
        )
        yield label_content(content.config.base_url, model, None, battery)


def main() -> None:
    """Print the peak of resident memory, in KiB."""
    count, form, out = sys.argv[1:]
    report = run(many(int(count)), STYLE, form, GRID, Path(out))
    assert (report.labels, report.refused) == (int(count), 0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201 (its output)


if __name__ == "__main__":
    main()
