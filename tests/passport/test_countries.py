"""Country codes are those that others know too."""

import re

from babel import Locale

from passport.countries import COUNTRY_CODES, INSTEAD_OF

NO_COUNTRIES = {
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ",
}  # fmt: skip
"""What CLDR names besides: regions, test codes and parts of countries with a code of their own."""


def test_the_codes_are_those_of_cldr() -> None:
    known = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
    assert known - NO_COUNTRIES == COUNTRY_CODES


def test_replacements_exist() -> None:
    assert set(INSTEAD_OF.values()) <= COUNTRY_CODES
    assert not set(INSTEAD_OF) & COUNTRY_CODES
