"""Materials: substances, recycled content and symbols against the chemistry.

CAS and EC numbers carry a check digit, which catches most slips; whether a number is that of the
substance named beside it is not known here.
"""

import re
from collections.abc import Iterator

from passport.applicability import chemistry_contains
from passport.checks.context import CheckContext, ModelContent
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element, NotApplicable, leaves
from passport.problems import Place, Problem, Severity
from passport.quoting import quoted
from passport.registry import registry
from passport.values import Code, Quantity, Record

_CAS = re.compile(r"([0-9]{2,7})-([0-9]{2})-([0-9])")
_EC = re.compile(r"([0-9]{3})-([0-9]{3})-([0-9])")
_SYMBOL_METALS = ("cadmium", "lead")
_SYMBOLS = "cadmium_lead_symbols"


def registry_numbers_are_valid(
    element: Element, _: BatteryModel, __: CheckContext
) -> Iterator[Flaw]:
    """CAS and EC numbers have their form and their check digit."""
    for below, name, value in leaves(element.value):
        if name == "cas" and isinstance(value, str) and not is_cas_number(value):
            yield Flaw(
                rule="cas-number",
                below=below,
                value=quoted(value),
                message="{value} is not a CAS number: its form or check digit is wrong",
                remedy="copy it again from the safety data sheet, as in 7439-92-1",
            )
        if name == "ec" and isinstance(value, str) and not is_ec_number(value):
            yield Flaw(
                rule="ec-number",
                below=below,
                value=quoted(value),
                message="{value} is not an EC number: its form or check digit is wrong",
                remedy="copy it again from the safety data sheet, as in 231-100-4",
            )


def is_cas_number(text: str) -> bool:
    """Whether a text is a CAS number: digits weighted from the right, modulo 10."""
    found = _CAS.fullmatch(text)
    if not found:
        return False
    digits = reversed(found[1] + found[2])
    return sum(n * int(digit) for n, digit in enumerate(digits, 1)) % 10 == int(found[3])


def is_ec_number(text: str) -> bool:
    """Whether a text is an EC number: digits weighted from the left, modulo 11."""
    found = _EC.fullmatch(text)
    if not found:
        return False
    digits = found[1] + found[2]
    return sum(n * int(digit) for n, digit in enumerate(digits, 1)) % 11 == int(found[3])


def recycled_shares_add_up(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """Recycled content before and after use together are 100 % at most (Art. 8(1))."""
    if not element.point.key.startswith("recycled_") or not isinstance(element.value, Record):
        return
    parts = [element.value.get(name) for name in ("pre_consumer", "post_consumer")]
    total = sum(part.number for part in parts if isinstance(part, Quantity))
    if total > 100:
        yield Flaw(
            rule="recycled-sum",
            value=f"{total:f} %",
            message="pre_consumer and post_consumer together are {value}",
            remedy="give each as its share of all of this metal: 100 % together at most",
        )


def separate_collection_symbol(
    element: Element, _: BatteryModel, __: CheckContext
) -> Iterator[Flaw]:
    """The symbol of Art. 13(4) is the one for separate collection."""
    if element.point.key != "separate_collection_symbol" or not isinstance(element.value, Code):
        return
    if element.value.code != "separate-collection":
        yield Flaw(
            rule="wrong-symbol",
            value=element.value.code,
            message="{value} is not the symbol for separate collection",
            remedy="write separate-collection",
        )


def metal_symbols(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """The symbols of Art. 13(5) are those for cadmium and lead."""
    if element.point.key != _SYMBOLS:
        return
    for below, _name, value in leaves(element.value):
        if isinstance(value, Code) and value.code not in _SYMBOL_METALS:
            yield Flaw(
                rule="wrong-symbol",
                below=below,
                value=value.code,
                message="{value} is not a symbol for cadmium or lead",
                remedy="write cadmium or lead",
            )


def metals_have_their_symbols(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """A battery whose chemistry holds cadmium or lead bears Cd or Pb (Art. 13(5)).

    A content above the limits follows from the chemistry. The other way round it doesn't: solder
    may hold enough lead, so a symbol that the chemistry doesn't explain is a warning.
    """
    model = content.model
    given = next((e for e in model.elements if e.point.key == _SYMBOLS), None)
    symbols = _codes(given)
    for metal in _SYMBOL_METALS:
        holds = chemistry_contains(model, metal)
        if holds and metal not in symbols:
            yield _symbol_problem(
                given.place if given else model.place,
                f"this chemistry holds {metal}, but its symbol is not given",
                f"add {metal} to {_SYMBOLS} in model.yaml",
                Severity.ERROR,
            )
        if holds is False and metal in symbols:
            yield _symbol_problem(
                given.place if given else model.place,
                f"the symbol for {metal} is given, but this chemistry holds none",
                f"keep it if another part holds more {metal} than the limit, else remove it",
                Severity.WARNING,
            )


def _codes(element: Element | None) -> tuple[str, ...]:
    if element is None or isinstance(element.value, NotApplicable):
        return ()
    return tuple(value.code for _, _, value in leaves(element.value) if isinstance(value, Code))


def _symbol_problem(place: Place, message: str, remedy: str, severity: Severity) -> Problem:
    clause = registry().by_key[_SYMBOLS].clause
    path = f"$.{_SYMBOLS}"
    return Problem(place, path, "metal-symbol", message, remedy, clause=clause, severity=severity)
