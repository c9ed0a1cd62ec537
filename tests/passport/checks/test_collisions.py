"""Collisions: all identifiers of a project share one space, whatever the case of their letters."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from passport.checks.collisions import Collisions
from passport.gs1 import Giai, Gtin, SerialNumber
from passport.model import Battery, BatteryModel
from passport.problems import Place, Problem
from passport.product_key import OwnIdentifier
from passport.values import YearMonth
from tests.nouns import model

RACK = model("rack")
MODULE = replace(model("module"), identifier=Gtin("09506000134369"))
OWN = replace(model("own"), identifier=OwnIdentifier("acme", "M1"))


def battery(line: int, serial: str, of: str = "rack", giai: str = "") -> Battery:
    return Battery(
        model=of,
        serial=SerialNumber(serial, allow_any=True),
        giai=Giai(giai) if giai else None,
        plant="north",
        manufactured=YearMonth(2026, 1),
        placed_on_market=None,
        place=Place("content/batteries/a.csv", line),
    )


def told(models: Iterable[BatteryModel], *batteries: Battery) -> list[tuple[int, str, str]]:
    found: list[Problem] = []
    collisions = Collisions()
    known = {each.slug: each for each in models}
    for each in known.values():
        found += collisions.model(each)
    for row in batteries:
        found += collisions.battery(row, known)
    return [(each.place.line, each.path, each.rule) for each in found]


def test_serials_of_different_models_may_be_the_same() -> None:
    assert told((RACK, MODULE), battery(2, "A1"), battery(3, "A1", "module")) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (battery(3, "A1"), (3, "serial", "duplicate-identifier")),
        (battery(3, "a1"), (3, "serial", "case-collision")),
    ],
)
def test_serials_of_one_model(second: Battery, expected: tuple[int, str, str]) -> None:
    assert told((RACK,), battery(2, "A1"), second) == [expected]


def test_each_repetition_is_told_against_the_first() -> None:
    rows = (battery(line, "A1") for line in (2, 3, 4))
    assert [line for line, _, _ in told((RACK,), *rows)] == [3, 4]


def test_giai() -> None:
    rows = (battery(2, "A1", giai="4012345ABC"), battery(3, "A2", giai="4012345ABC"))
    assert told((RACK,), *rows) == [(3, "giai", "duplicate-identifier")]
    rows = (battery(2, "A1", giai="4012345ABC"), battery(3, "A2", giai="4012345ABc"))
    assert told((RACK,), *rows) == [(3, "giai", "case-collision")]


def test_a_serial_is_its_models_own_where_a_giai_names_the_battery() -> None:
    rows = (battery(2, "A1", giai="4012345ABC"), battery(3, "A1", giai="4012345ABD"))
    assert told((RACK,), *rows) == [(3, "serial", "duplicate-serial")]


def test_a_gtin_names_one_model() -> None:
    twin = replace(model("twin"), place=Place("content/models/twin/model.yaml"))
    assert told((RACK, twin)) == [(1, "$.gtin", "duplicate-identifier")]


def test_own_identifiers() -> None:
    twin = replace(OWN, slug="twin", place=Place("content/models/twin/model.yaml"))
    assert told((OWN, twin)) == [(1, "$.own_identifier", "duplicate-identifier")]
    part = replace(twin, identifier=OwnIdentifier("acme", "M1.A1"))
    assert told((OWN, part), battery(2, "A1", "own")) == [(2, "serial", "duplicate-identifier")]


def test_an_own_identifier_that_grows_too_long() -> None:
    long = replace(OWN, identifier=OwnIdentifier("acme", "M" * 60))
    assert told((long,), battery(2, "A12345", "own")) == [(2, "serial", "identifier")]


def test_a_battery_of_an_unknown_model_is_told_elsewhere() -> None:
    assert told((), battery(2, "A1"), battery(3, "A1")) == []
