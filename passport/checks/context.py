"""What checks may look at besides the model itself, and how they say what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from passport.model import BatteryModel, EconomicOperator, Element, NotApplicable
from passport.problems import Place, Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """The operators by slug, and what completeness is measured against."""

    operators: Mapping[str, EconomicOperator]
    guidance: str
    as_of: date


def elements_of(model: BatteryModel) -> Iterator[Element]:
    """All public elements of a model with a value, those of each plant included."""
    everything = (*model.elements, *(e for _, found in model.by_plant for e in found))
    return (element for element in everything if not isinstance(element.value, NotApplicable))


def problem(
    place: Place,
    path: str,
    rule: str,
    message: str,
    remedy: str,
    *,
    clause: str = "",
    severity: Severity = Severity.ERROR,
) -> Problem:
    """Say what is wrong."""
    return Problem(
        place=place,
        path=path,
        rule=rule,
        message=message,
        remedy=remedy,
        clause=clause,
        severity=severity,
    )
