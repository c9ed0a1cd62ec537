"""Which passports a build makes anew: both contents planned as a build plans them.

A battery without events says what its shard says, so 100,000 of one model and plant are compared
once; one with events, or whose row was edited, is compared by what its passport and its payload
say. Not foreseen is what the published site alone knows: which epoch sealed what, which key signed
it (`cellfolio keys` commands tell that).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from generator.build.issue import passport_subject
from generator.build.plan import PassportPlan, Plan, Shard, battery_plan, make_plan
from generator.content.load import Content
from generator.content.revision import Revision
from generator.review.change import Effect
from passport.encoding.canonical import Json
from passport.errors import PassportError
from passport.identifiers import DppId
from passport.life.life import PassportStatus
from passport.model import Battery, BatteryModel, Element, battery_key
from passport.problems import Findings
from passport.registry import Group
from passport.sealing.group_key import MODEL_GROUPS
from passport.sealing.payload import SealedDocument, battery_payload, documents_of, model_payload
from passport.subject import element_json, public_elements, subject_json

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_Row = tuple[Battery, Shard]

BatteryId = tuple[str, str]
"""A battery without its site: what its model or GIAI names, and its serial number."""


class ByDigest(dict[str, str]):
    """Addresses of documents: that of each is its digest, which is what decides."""

    def __missing__(self, digest: str) -> str:
        return digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a build does with passports, by what they are of.

    `batteries` counts those on both sides whose passport didn't cease, by the model's later slug
    and plant; `effects` are of the batteries to which something happens.
    """

    new: int = 0
    renewed: int = 0
    ceased: int = 0
    with_passports: frozenset[str] = frozenset()
    batteries: Mapping[tuple[str, str], int] = field(default_factory=dict)
    effects: Mapping[BatteryId, Effect] = field(default_factory=dict)


def due(before: Content, after: Content, day: date) -> Due:
    """Compare what builds of two contents would say on a day."""
    return _Comparison(_Side.of(before, day), _Side.of(after, day)).due()


def battery_id(identifier: str, battery: Battery) -> BatteryId:
    """Name a battery; `identifier` is its model's."""
    return ("", str(battery.giai)) if battery.giai else (identifier, battery.serial.text)


def unseen_groups(*contents: Content) -> frozenset[tuple[str, Group]]:
    """Models and groups that one of the contents keeps where it can't be read."""
    unseen = (each for content in contents for each in content.unseen)
    return frozenset((each.model, group) for each in unseen for group in each.groups)


@dataclass(frozen=True, slots=True)
class _Side:
    """One content, planned; `eventful` names batteries of which events tell."""

    content: Content
    plan: Plan
    eventful: frozenset[str]

    @classmethod
    def of(cls, content: Content, day: date) -> "_Side":
        sound = _sound(content)
        plan = make_plan(sound, Revision("", datetime.combine(day, time(tzinfo=UTC))))
        return cls(sound, plan, content.events.batteries)

    @property
    def models(self) -> dict[str, PassportPlan]:
        return {str(plan.dpp_id): plan for plan in self.plan.models}

    def batteries(self) -> dict[BatteryId, _Row]:
        found = {}
        for shard in self.plan.shards:
            identifier = str(DppId.of(shard.model.identifier))
            for battery in shard.batteries:
                found[battery_id(identifier, battery)] = battery, shard
        return found

    def has_events(self, battery: Battery, shard: Shard) -> bool:
        if not self.eventful:
            return False
        return str(DppId.of(battery_key(shard.model, battery))) in self.eventful


class _Comparison:
    """Two sides, and what of their shards was compared already."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self._before, self._after = before, after
        self._same_shards: dict[tuple[int, int], bool] = {}
        self._unseen = unseen_groups(before.content, after.content)
        self._sees_conditions = not any(
            side.content.is_private_root_away for side in (before, after)
        )

    def due(self) -> Due:
        counts: Counter[Effect] = Counter()
        effects: dict[BatteryId, Effect] = {}
        present: Counter[tuple[str, str]] = Counter()
        before, after = self._before.models, self._after.models
        counts.update(self._of_model(before.get(name), plan) for name, plan in after.items())
        old = self._before.batteries()
        for key, row in self._after.batteries().items():
            if key not in old:
                counts[Effect.NEW] += 1
                continue
            effect, speaks = self._of_battery(old[key], row)
            counts[effect] += 1
            present[row[1].model.slug, row[0].plant] += speaks
            if effect is not Effect.NONE:
                effects[key] = effect
        return Due(
            new=counts[Effect.NEW],
            renewed=counts[Effect.NEW_VERSION],
            ceased=counts[Effect.CEASES],
            with_passports=frozenset(after),
            batteries=present,
            effects=effects,
        )

    def _of_model(self, old: PassportPlan | None, new: PassportPlan) -> Effect:
        if old is None:
            return Effect.NEW
        is_same = _said(old) == _said(new) and all(
            _sealed(self._before.content, old.model, group)
            == _sealed(self._after.content, new.model, group)
            for group in MODEL_GROUPS
            if (new.model.slug, group) not in self._unseen
        )
        return Effect.NONE if is_same else Effect.NEW_VERSION

    def _of_battery(self, old: _Row, new: _Row) -> tuple[Effect, bool]:
        """Say what becomes of a battery, and whether its passport says what its model says."""
        if _edited(old[0], new[0]) or self._before.has_events(*old) or self._after.has_events(*new):
            return self._alone(old, new)
        pair = id(old[1]), id(new[1])
        if pair not in self._same_shards:
            self._same_shards[pair] = _shared(old[1]) == _shared(new[1])
        return (Effect.NONE if self._same_shards[pair] else Effect.NEW_VERSION), True

    def _alone(self, old: _Row, new: _Row) -> tuple[Effect, bool]:
        before, after = _planned(self._before.plan, *old), _planned(self._after.plan, *new)
        if before is None or after is None:
            return Effect.NONE, False
        has_ceased = after.status is PassportStatus.CEASED
        if has_ceased and before.status is not PassportStatus.CEASED:
            return Effect.CEASES, False
        is_same = _said(before) == _said(after)
        if not has_ceased and self._sees_conditions:
            is_same = is_same and _condition(*old) == _condition(*new)
        return (Effect.NONE if is_same else Effect.NEW_VERSION), bool(after.elements)


def _planned(plan: Plan, battery: Battery, shard: Shard) -> PassportPlan | None:
    """Plan a battery's passport; None for one that is in the hands of nobody known."""
    life = shard.lives.of(shard.model, battery, Findings())
    if life.public.holder not in shard.lives.operators:
        return None
    return battery_plan(plan.config, shard, battery)


def _said(plan: PassportPlan) -> dict[str, Json]:
    return subject_json(passport_subject(plan, _ANY_TIME), ByDigest())


def _shared(shard: Shard) -> object:
    """What the passports of all its batteries say alike."""
    about = {each.point.key: element_json(each, ByDigest()) for each in shard.shared}
    model = shard.model
    names = model.name, model.model_number, model.identifier, shard.lives.base_url
    return about, names, shard.operator.identifier, shard.plant.facility_id


def _edited(old: Battery, new: Battery) -> bool:
    def row(battery: Battery) -> object:
        return battery.plant, battery.manufactured, battery.placed_on_market

    return old is not new and row(old) != row(new)


def _condition(battery: Battery, shard: Shard) -> bytes:
    return battery_payload(shard.lives.of(shard.model, battery, Findings()).condition)


def _sealed(content: Content, model: BatteryModel, group: Group) -> bytes:
    """The payload of a model's group, with the digests of its documents in place of addresses."""
    elements: tuple[Element, ...] = ()
    for part in content.restricted:
        if (part.model, part.group) == (model.slug, group):
            elements = part.elements
    documents = (
        SealedDocument(document=each, resource=str(each.number), url=each.sha256)
        for each in documents_of(elements)
    )
    return model_payload(elements, documents, ByDigest())


def _sound(content: Content) -> Content:
    """What of a content can be planned: `cellfolio check` tells of all else."""
    operators = {each.slug: each for each in content.operators}
    models = tuple(
        model
        for model in content.models
        if {model.manufacturer, model.operator} <= operators.keys() and _is_plannable(model)
    )
    plants = {
        (model.slug, plant.slug)
        for model in models
        for plant in operators[model.manufacturer].plants
    }
    batteries = (each for each in content.batteries if (each.model, each.plant) in plants)
    return replace(content, models=models, batteries=tuple(batteries))


def _is_plannable(model: BatteryModel) -> bool:
    try:
        for plant in model.plants:
            public_elements(model.elements_of(plant))
    except PassportError:
        return False
    return True


def names_of_models(content: Content) -> Iterator[tuple[BatteryModel, str]]:
    """Yield models with what names them in passports, whatever their folders are called."""
    for model in content.models:
        yield model, str(DppId.of(model.identifier))
