"""Label designs: how labels look, and with which phones they were tried.

Requirements 6: contrast, readable size, a real-phone test (device, distance, result), visibility
and legibility are recorded as evidence per label design, with a route for labels that can't be
read. Lengths are millimetres as printed. Knows neither how content spells a design nor how one is
drawn.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from passport.evidence import Result
from passport.problems import Place

LEVELS = ("m", "q", "h")
"""Levels of error correction that a label's symbol may have, the lowest first (ISO/IEC 18004)."""


class LabelText(StrEnum):
    """A line that people read, in the order of the label."""

    MAKER = "maker"
    MODEL = "model"
    SERIAL = "serial"
    IDENTIFIER = "identifier"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTest:
    """Somebody held a phone in front of a printed label: which, how far away, what came of it."""

    device: str
    distance: float
    result: Result
    tested_on: date | None
    tester: str
    conditions: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDesign:
    """The look of a label; `name` is "" for one that only the command line knows.

    `module` is None for the largest that has room. `reading_distance` is how far away a phone may
    be. `ink` and `paper` are colours or design tokens. `legibility` says who found the text visible
    and legible, and how; `unreadable` what people can do when a label can't be read.
    """

    name: str = ""
    width: float = 66
    height: float = 40
    dpi: int = 300
    module: float | None = None
    level: str = "q"
    quiet_zone: int = 4
    reading_distance: float = 200
    texts: tuple[LabelText, ...] = tuple(LabelText)
    symbols: bool = True
    ink: str = "black"
    paper: str = "white"
    legibility: str = ""
    unreadable: str = ""
    tests: tuple[PhoneTest, ...] = ()
    place: Place | None = None

    @property
    def is_proven(self) -> bool:
        """Whether a phone read it from its distance, and none failed since."""
        latest = max((test.tested_on for test in self.tests if test.tested_on), default=None)
        results = [test.result for test in self.tests if test.tested_on == latest]
        far = [test for test in self.tests if test.distance >= self.reading_distance]
        return (
            latest is not None
            and Result.FAILED not in results
            and any(test.result is Result.PASSED for test in far)
        )
