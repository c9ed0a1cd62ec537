"""Flaws: values of public data points are shown, those of restricted ones never."""

from decimal import Decimal

from passport.checks.context import Stated
from passport.checks.flaws import Flaw, told
from passport.model import leaves
from passport.values import Quantity, Record, Value
from tests.nouns import element

FLAW = Flaw(rule="r", message="{value} is too much", value="9 %", remedy="mend it", below=".share")


def test_a_public_value_is_shown() -> None:
    problem = told(FLAW, Stated(element("mass", "x"), "$.mass"))
    assert (problem.path, problem.message) == ("$.mass.share", "9 % is too much")
    assert problem.clause == "Annex XIII 1(a); Annex VI A (5)"


def test_a_restricted_value_is_not() -> None:
    problem = told(FLAW, Stated(element("damage_warnings", "x"), "$.damage_warnings"))
    assert problem.message == "a value (not shown: restricted) is too much"
    assert "9" not in str(problem)


def test_leaves_are_named_by_their_way() -> None:
    share = Quantity(Decimal(1), "%")
    value: Value = (Record((("material", "x"), ("share", share))), Record((("share", share),)))
    assert list(leaves(value)) == [
        ("[0].material", "material", "x"),
        ("[0].share", "share", share),
        ("[1].share", "share", share),
    ]
