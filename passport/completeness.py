"""Completeness: what became of every data point of a model, and what a missing one means.

Five outcomes for each data point (requirements 3), gathered from where its value comes from: an
operator, the rows of batteries, the model's files, plant by plant, or restricted files. Of what is
restricted only the fact that it is stated enters here, never a value or an operator's reason.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from passport import scope
from passport.applicability import Outcome, State, is_certain, outcome, said, without_value
from passport.checks.context import ModelContent, stated
from passport.identity import model_identity, plant_identity
from passport.model import EconomicOperator, Element, NotApplicable
from passport.problems import Place, Problem, Severity
from passport.registry import DataPoint, Level, registry
from passport.values import Text

_WORST_FIRST = (State.MISSING, State.NOT_YET_REQUIRED, State.NOT_APPLICABLE, State.PROVIDED)
_EVENTS = "events"
_NOT_TYPED = ("operator", "batteries", "derived", _EVENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What completeness is measured against: a version of the guidance, on a day."""

    guidance: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The outcomes of one model, in the order of the registry."""

    model: str
    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> Mapping[State, int]:
        """How many data points have each outcome."""
        found = Counter(each.state for each in self.outcomes)
        return {state: found[state] for state in State}


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The elements of a model by key: for all plants, plant by plant, and restricted."""

    content: ModelContent
    common: Mapping[str, Element]
    by_plant: Mapping[str, Mapping[str, Element]]
    restricted: Mapping[str, Element]


def judge(
    content: ModelContent, operators: Mapping[str, EconomicOperator], standard: Standard
) -> Completeness:
    """Judge every data point of a model; what each battery states counts as a whole."""
    gathered = _gather(content, operators)
    return Completeness(
        model=content.model.slug,
        outcomes=tuple(
            _within_scope(_judge(point, gathered, standard), content, standard)
            for point in registry().data_points
        ),
    )


def missing(content: ModelContent, found: Completeness, standard: Standard) -> Iterator[Problem]:
    """Tell what is missing: an error where guidance asks for it, a warning where it may.

    What nobody types is missing only with an operator or a plant, which checks tell by name.
    """
    for each in found.outcomes:
        is_told = each.point.group not in content.unseen
        if each.state is State.MISSING and is_told and each.point.source not in _NOT_TYPED:
            yield _missing(content, each)
    for item in stated(content):
        point = item.element.point
        asked = is_certain(point, content.model, standard.guidance)
        if asked and isinstance(item.element.value, NotApplicable):
            yield Problem(
                item.element.place,
                item.path,
                "mandatory-not-applicable",
                f"data point {_named(point)} is said not to apply, but guidance "
                f"{standard.guidance} asks it of every battery of this kind",
                "give the value, or have the reason reviewed",
                clause=point.clause,
                severity=Severity.WARNING,
            )


def _gather(content: ModelContent, operators: Mapping[str, EconomicOperator]) -> _Gathered:
    model = content.model
    maker, operator = operators.get(model.manufacturer), operators.get(model.operator)
    identity = model_identity(model, maker, operator) if maker and operator else ()
    plants: dict[str, dict[str, Element]] = {}
    for slug in model.plants:
        plant = maker.plant(slug) if maker else None
        made = plant_identity(model, plant) if plant else ()
        plants[slug] = _by_key((*made, *dict(model.by_plant).get(slug, ())))
    return _Gathered(
        content,
        _by_key((*identity, *model.elements)),
        plants,
        _by_key(element for part in content.restricted for element in part.elements),
    )


def _by_key(elements: Iterable[Element]) -> dict[str, Element]:
    return {element.point.key: element for element in elements}


def _judge(point: DataPoint, gathered: _Gathered, standard: Standard) -> Outcome:
    if point.group in gathered.content.unseen and point.level is Level.MODEL:
        return _unseen(point, gathered, standard)
    if point.source == _EVENTS:
        return _from_events(point, gathered.content, standard)
    if point.is_public and point.level is Level.BATTERY:
        return _from_rows(point, gathered.content)
    if point.key in gathered.restricted:
        return _from_restricted(point, gathered.restricted[point.key])
    if point.by_plant and point.key not in gathered.common and gathered.by_plant:
        return _plant_by_plant(point, gathered, standard)
    return _outcome(point, gathered.common.get(point.key), gathered, standard)


def _within_scope(found: Outcome, content: ModelContent, standard: Standard) -> Outcome:
    """Nothing is missing of a model that needs no passport, unless it volunteers for one."""
    model = content.model
    is_due = found.state in (State.MISSING, State.NOT_YET_REQUIRED)
    if not is_due or model.scope.voluntary or not scope.is_outside(model):
        return found
    why = scope.judge(model, None, standard.as_of).why
    return Outcome(point=found.point, state=State.NOT_APPLICABLE, reason=why)


def _outcome(
    point: DataPoint, element: Element | None, gathered: _Gathered, standard: Standard
) -> Outcome:
    model = gathered.content.model
    return outcome(point, element, model, standard.guidance, standard.as_of)


def _from_rows(point: DataPoint, content: ModelContent) -> Outcome:
    """Each row of a lot gives it; a model may be described before the first is made."""
    if content.has_batteries:
        return said(point, State.PROVIDED, "")
    return said(
        point,
        State.NOT_YET_REQUIRED,
        "no battery of this model is listed",
        "noch keine Batterie dieses Modells erfasst",
    )


def _from_events(point: DataPoint, content: ModelContent, standard: Standard) -> Outcome:
    """What changes in use is stated battery by battery; here it counts how many of them do.

    What one battery owes, and when, is told with its events.
    """
    found = without_value(point, content.model, standard.guidance, standard.as_of)
    lives = content.lives
    asked = found.state is State.NOT_YET_REQUIRED and point.pending is None
    stated = dict(lives.stated_by_due if lives.due else lives.stated).get(point.key, 0)
    if found.state is State.NOT_APPLICABLE and stated == 0:
        return found
    if not lives.due:
        return _stated_before(point, found, stated)
    if stated == lives.due or not asked:
        return said(point, State.PROVIDED, *_stated_by(stated, lives.due))
    is_due = is_certain(point, content.model, standard.guidance)
    state = State.MISSING if is_due else State.NOT_YET_REQUIRED
    return said(point, state, *_stated_by(stated, lives.due))


def _stated_before(point: DataPoint, found: Outcome, stated: int) -> Outcome:
    if stated == 0:
        return found
    return said(
        point,
        State.PROVIDED,
        f"stated by {stated} {'battery' if stated == 1 else 'batteries'} so far",
        f"bisher von {stated} {'Batterie' if stated == 1 else 'Batterien'} angegeben",
    )


def _stated_by(stated: int, due: int) -> tuple[str, str]:
    english = f"stated by {stated} of {due} {'battery' if due == 1 else 'batteries'}"
    return english, f"von {stated} von {due} {'Batterie' if due == 1 else 'Batterien'} angegeben"


def _from_restricted(point: DataPoint, element: Element) -> Outcome:
    if isinstance(element.value, NotApplicable):
        return said(
            point,
            State.NOT_APPLICABLE,
            "the operator says why in restricted content",
            "der Wirtschaftsakteur begründet es in den geschützten Inhalten",
        )
    return said(point, State.PROVIDED, "")


def _unseen(point: DataPoint, gathered: _Gathered, standard: Standard) -> Outcome:
    """Whether a group that lies elsewhere is complete shows only where its private root is."""
    found = without_value(point, gathered.content.model, standard.guidance, standard.as_of)
    if found.state is not State.MISSING:
        return found
    return said(
        point,
        State.MISSING,
        "not seen here: the private root that may hold it is not on this machine",
        "hier nicht zu sehen: Der private Ordner, der es enthalten kann, fehlt auf diesem Rechner",
        certain=False,
    )


def _plant_by_plant(point: DataPoint, gathered: _Gathered, standard: Standard) -> Outcome:
    """The worst of the plants; the reason names them where others are better off."""
    judged = {
        plant: _outcome(point, found.get(point.key), gathered, standard)
        for plant, found in gathered.by_plant.items()
    }
    worst = min(judged.values(), key=lambda each: _WORST_FIRST.index(each.state))
    plants = [plant for plant, each in judged.items() if each.state is worst.state]
    if len(plants) == len(judged):
        return worst
    named = tuple(
        (lang, f"{', '.join(plants)}: {text}") for lang, text in worst.reason.translations
    )
    return Outcome(point=point, state=worst.state, reason=Text(named), certain=worst.certain)


def _missing(content: ModelContent, found: Outcome) -> Problem:
    point = found.point
    file = f"{content.model.place.file.rpartition('/')[0]}/{point.source}.yaml"
    plants = " for each plant" if point.by_plant and len(content.model.plants) > 1 else ""
    remedy = f"add {point.key} to {file}{plants}"
    return Problem(
        Place(file),
        f"$.{point.key}",
        "missing-data-point" if found.certain else "undecided-data-point",
        f"data point {_named(point)} is missing: {found.reason.in_language('en')[1]}",
        remedy if found.certain else f"{remedy}, or write not_applicable with the reason",
        clause=point.clause,
        severity=Severity.ERROR if found.certain else Severity.WARNING,
    )


def _named(point: DataPoint) -> str:
    return f"{point.number or point.key} ({point.label.text('en')})"
