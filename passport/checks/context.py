"""What checks look at: a project's nouns, one model's content, and every element with its path.

A check never reads files and never decides what a build does; it yields problems.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from passport.evidence import EvidenceRegister
from passport.hosting import Hosting
from passport.label_design import LabelDesign
from passport.model import BatteryModel, EconomicOperator, Element, RestrictedElements
from passport.problems import Place
from passport.registry import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What a project says besides the model at hand, and the day that it is judged on.

    `operators` and `models` are by slug. `issuer` is the slug of the operator in whose name
    passports are issued, `issuer_place` where the settings name it. `unread_models` are the slugs
    of models that content has but that could not be read. `languages` are those of
    pages, the default first. `hosting` is None while content does not say who stores passports.
    """

    operators: Mapping[str, EconomicOperator]
    models: Mapping[str, BatteryModel]
    unread_models: frozenset[str] = frozenset()
    issuer: str
    issuer_place: Place
    languages: tuple[str, ...]
    as_of: date
    hosting: Hosting | None = None
    labels: tuple[LabelDesign, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesOfModel:
    """How many batteries of a model state which data points of point 4, by key; no value is here.

    `due` of them were placed on the market since passports are required.
    """

    due: int = 0
    stated_by_due: tuple[tuple[str, int], ...] = ()
    stated: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContent:
    """Everything stated about one model; a problem never shows what is in `restricted`.

    `evidence` is None where a check is not about evidence. `unseen` are the groups that lie in a
    private root which is not on this machine.
    """

    model: BatteryModel
    restricted: tuple[RestrictedElements, ...]
    has_batteries: bool
    evidence: EvidenceRegister | None = None
    unseen: tuple[Group, ...] = ()
    lives: LivesOfModel = LivesOfModel()


@dataclass(frozen=True, slots=True)
class Stated:
    """An element and its path inside its file, as in `$.plants.north.recycled_nickel`."""

    element: Element
    path: str

    @property
    def key(self) -> str:
        """The key of its data point."""
        return self.element.point.key


def stated(content: ModelContent) -> Iterator[Stated]:
    """All elements of a model: its own, those of each plant, and the restricted ones."""
    model = content.model
    yield from (Stated(element, f"$.{element.point.key}") for element in model.elements)
    for plant, elements in model.by_plant:
        for element in elements:
            yield Stated(element, f"$.plants.{plant}.{element.point.key}")
    for part in content.restricted:
        yield from (Stated(element, f"$.{element.point.key}") for element in part.elements)
