"""Label designs: `content/labels.yaml` becomes `LabelDesign`s; a project may do without it.

Knows the members of that file and their units; whether a design was tried with phones is for
checks, whether its figures suffice for `generator.labels`.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from generator.content.yaml.members import Members, read_members
from generator.content.yaml.near_misses import instead_of
from passport.errors import ValueFormatError
from passport.evidence import Result
from passport.label_design import LEVELS, LabelDesign, LabelText, PhoneTest
from passport.problems import Findings
from passport.quoting import quoted
from passport.values import parse_integer, parse_quantity

LABELS_FILE = "labels.yaml"
MOST_DPI = 2400
_DEFAULT = LabelDesign()

S = TypeVar("S", bound=str)


def read_labels(project: Path, language: str, findings: Findings) -> tuple[LabelDesign, ...]:
    """Read the designs by name; none without the file, and where it is no mapping."""
    name = f"content/{LABELS_FILE}"
    members = read_members(project / name, LABELS_FILE, name, language, findings)
    if members is None:
        return ()
    return tuple(_design(key.text, part) for key, part in members.each("designs"))


def parse_length(text: str) -> float:
    """Read millimetres above 0, as in `66 mm`; raises `ValueFormatError`."""
    length = float(parse_quantity(text, "mm").number)
    if length <= 0:
        raise ValueFormatError(f"{text!r} is no length", "write millimetres, as in 66 mm")
    return length


def parse_dpi(text: str) -> int:
    """Read dots per inch; raises `ValueFormatError`."""
    dpi = parse_integer(text)
    if not 72 <= dpi <= MOST_DPI:
        raise ValueFormatError(f"{text!r} is no resolution", "write dots per inch, as in 300")
    return dpi


def _design(name: str, members: Members) -> LabelDesign:
    members.node("width", required=True)
    members.node("height", required=True)
    members.node("dpi", required=True)

    def length(member: str, default: float) -> float:
        return members.parse(member, parse_length) or default

    return LabelDesign(
        name=name,
        width=length("width", _DEFAULT.width),
        height=length("height", _DEFAULT.height),
        dpi=members.parse("dpi", parse_dpi) or _DEFAULT.dpi,
        module=members.parse("module", parse_length),
        level=members.parse("level", partial(_one_of, LEVELS)) or _DEFAULT.level,
        quiet_zone=_quiet_zone(members),
        reading_distance=length("reading_distance", _DEFAULT.reading_distance),
        texts=_texts(members),
        symbols=members.boolean("symbols", default=True),
        ink=members.string("ink") or _DEFAULT.ink,
        paper=members.string("paper") or _DEFAULT.paper,
        legibility=members.string("legibility"),
        unreadable=members.string("unreadable"),
        tests=tuple(_test(part) for part in members.items("tests")),
        place=members.mapping.place,
    )


def _quiet_zone(members: Members) -> int:
    found = members.parse("quiet_zone", parse_integer)
    return _DEFAULT.quiet_zone if found is None else found


def _texts(members: Members) -> tuple[LabelText, ...]:
    if members.node("texts") is None:
        return _DEFAULT.texts
    return members.parse_each("texts", partial(_one_of, LabelText))


def _test(members: Members) -> PhoneTest:
    return PhoneTest(
        device=members.string("device", required=True),
        distance=members.parse("distance", parse_length, required=True) or 0.0,
        result=members.parse("result", partial(_one_of, Result), required=True) or Result.OPEN,
        tested_on=members.date("tested_on"),
        tester=members.string("tester"),
        conditions=members.string("conditions"),
        place=members.mapping.place,
    )


def _one_of(known: Iterable[S], text: str) -> S:
    found = next((each for each in known if each == text), None)
    if found is None:
        raise ValueFormatError(f"{quoted(text)} is not known here", instead_of(text, known))
    return found
