"""Identifiers as ISO/IEC 15459 spells them, and who issues them."""

from dataclasses import replace

import pytest

from passport.gs1 import Giai, Gtin, SerialNumber
from passport.identifier_mapping import IdentifierMapping, identifier_mapping
from passport.model import Battery
from passport.product_key import OwnIdentifier
from passport.values import YearMonth
from tests.nouns import PLACE, model

BATTERY = Battery(
    model="m",
    serial=SerialNumber("A-1"),
    giai=None,
    plant="north",
    manufactured=YearMonth(2026, 11),
    placed_on_market=None,
    place=PLACE,
)
OWN = OwnIdentifier("acme", "RB1")


@pytest.mark.parametrize(
    ("identifier", "giai", "stated", "expected"),
    [
        (Gtin("09506000134352"), None, ("", ""), ("GS1", "(01)09506000134352(21)A-1")),
        (Gtin("09506000134352"), Giai("9506000R1"), ("", ""), ("GS1", "(8004)9506000R1")),
        (OWN, None, ("DUNS", "25SUN123456789RB1"), ("DUNS", "25SUN123456789RB1A-1")),
        (OWN, None, ("", ""), ("", "")),
    ],
)
@pytest.mark.requirement("R2.3")
def test_mapping(
    identifier: Gtin | OwnIdentifier,
    giai: Giai | None,
    stated: tuple[str, str],
    expected: tuple[str, str],
) -> None:
    issuer, spelling = stated
    battery_model = replace(
        model(), identifier=identifier, identifier_issuer=issuer, iso15459=spelling
    )
    mapping = identifier_mapping(battery_model, replace(BATTERY, giai=giai))
    assert mapping == IdentifierMapping(*expected)
