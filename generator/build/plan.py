"""The plan: which passports and information pages a build makes, for which models and batteries.

Content in, a plan out; nothing is rendered or signed here. Batteries are grouped into shards of
one model and plant, since all that is the same for them is made once (DESIGN 8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from generator.content.config import AFTER_CESSATION, SiteConfig
from generator.content.events.files import Lives
from generator.content.load import Content
from generator.content.revision import Revision
from generator.content.withdrawn import Withdrawal
from passport.access.decision import AccessPolicy
from passport.access.refusal import Refusals
from passport.credential import passport_path
from passport.evidence import PublishedEvidence, published_evidence
from passport.identifiers import DppId, ProductUri
from passport.identity import (
    battery_identity,
    model_identity,
    model_number,
    plant_identity,
    responsible_operator,
)
from passport.life.life import PassportStatus, PublicLife
from passport.model import Battery, BatteryModel, EconomicOperator, Element, Plant, battery_key
from passport.problems import Findings
from passport.scope import is_outside
from passport.subject import public_elements

HEADER_ONLY = AFTER_CESSATION[0]
_NO_LIFE = PublicLife(passport_status=PassportStatus.CURRENT, holder="", placed_on_market=None)
"""What a model's passport has in place of a life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPlan:
    """A page to be made: the product that it is about, and the public elements that it states."""

    uri: ProductUri
    model: BatteryModel
    operator: EconomicOperator
    elements: tuple[Element, ...]

    @property
    def page_path(self) -> str:
        """Where the page lies in the default language: what the QR code says."""
        return self.uri.path


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportPlan(ProductPlan):
    """One passport to be made, and its page."""

    plant: Plant | None
    battery: Battery | None
    life: PublicLife = _NO_LIFE

    @property
    def status(self) -> PassportStatus:
        """The passport's own status; a model's is always current."""
        return self.life.passport_status

    @property
    def title(self) -> str:
        """What the product is called: the model's name and, of a battery, the serial number."""
        return f"{self.model.name} {self.battery.serial}" if self.battery else self.model.name

    @property
    def dpp_id(self) -> DppId:
        """The passport's name in paths."""
        return DppId.of(self.uri.key)

    @property
    def model_dpp_id(self) -> DppId:
        """The name of the passport of its model."""
        return DppId.of(self.model.identifier)

    @property
    def json_path(self) -> str:
        """Where its current JSON lies."""
        return passport_path(self.dpp_id)

    @property
    def model_json_path(self) -> str:
        """Where the current JSON of its model's passport lies."""
        return passport_path(self.model_dpp_id)

    @property
    def did_path(self) -> str:
        """Where its DID document lies."""
        return f"/dpp/{self.dpp_id}/did.json"

    @property
    def link_set_path(self) -> str:
        """Where its link set lies."""
        return f"/dpp/{self.dpp_id}/linkset.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Batteries of one model and plant, and the elements that they all share."""

    model: BatteryModel
    operator: EconomicOperator
    plant: Plant
    shared: tuple[Element, ...]
    batteries: tuple[Battery, ...]
    lives: Lives

    def held_by(self, holder: EconomicOperator) -> tuple[Element, ...]:
        """The shared elements of batteries that another operator is responsible for now."""
        if holder is self.operator:
            return self.shared
        responsible = responsible_operator(holder)
        others = (each for each in self.shared if each.point is not responsible.point)
        return (*others, responsible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a build makes; `time` dates its new documents.

    `information` are the models outside the passport that don't volunteer for one. `evidence` is
    what pages may know of a model's register, by slug.
    """

    config: SiteConfig
    revision: Revision
    time: datetime
    operators: Mapping[str, EconomicOperator]
    evidence: Mapping[str, PublishedEvidence]
    models: tuple[PassportPlan, ...]
    information: tuple[ProductPlan, ...]
    shards: tuple[Shard, ...]
    withdrawn: tuple[Withdrawal, ...] = ()
    policy: AccessPolicy | None = None
    refusals: Refusals

    @property
    def described_models(self) -> tuple[BatteryModel, ...]:
        """The models that have a page of whichever kind."""
        return tuple(plan.model for plan in self.described)

    @property
    def described(self) -> tuple[ProductPlan, ...]:
        """The plans of those pages."""
        return (*self.models, *self.information)

    def languages_of(self, passport: PassportPlan) -> tuple[str, ...]:
        """The languages that a passport's page is made in."""
        return self.config.battery_languages if passport.battery else self.config.languages

    @property
    def passports(self) -> Iterator[PassportPlan]:
        """Every passport in the order of the plan."""
        yield from self.models
        for shard in self.shards:
            for battery in shard.batteries:
                yield battery_plan(self.config, shard, battery)


def make_plan(content: Content, revision: Revision, signed: datetime | None = None) -> Plan:
    """Plan the build of checked content; `signed` is when the previous site was last signed.

    Time never runs backwards: an older commit built on a newer site is dated like that site.
    """
    time = max(revision.time, signed) if signed else revision.time
    config = content.config
    operators = {operator.slug: operator for operator in content.operators}
    outside = {model.slug: model for model in content.models if _needs_none(model)}
    models = {model.slug: model for model in content.models if model.slug not in outside}
    batteries = (battery for battery in content.batteries if battery.model in models)
    return Plan(
        config=config,
        revision=revision,
        time=time,
        operators=operators,
        evidence={each.model: published_evidence(each) for each in content.evidence},
        models=tuple(_model_plan(config, model, operators) for model in models.values()),
        information=tuple(
            _without_passport(_model_plan(config, model, operators)) for model in outside.values()
        ),
        shards=tuple(_shards(batteries, models, content.lives(time.date()))),
        withdrawn=content.withdrawn,
        policy=content.access.policy,
        refusals=content.access.refused,
    )


def battery_plan(config: SiteConfig, shard: Shard, battery: Battery) -> PassportPlan:
    """Plan one battery's passport.

    Whoever is responsible now stands in it. Of a passport that ceased only the header is left
    (Art. 77(8)), unless the site's settings keep the rest.
    """
    uri = ProductUri(config.base_url, battery_key(shard.model, battery))
    life = shard.lives.of(shard.model, battery, Findings()).public
    operator = shard.lives.operators[life.holder]
    has_ceased = life.passport_status is PassportStatus.CEASED
    is_header_only = has_ceased and config.after_cessation == HEADER_ONLY
    elements = (*shard.held_by(operator), *battery_identity(shard.model, battery, uri))
    return PassportPlan(
        uri=uri,
        model=shard.model,
        operator=operator,
        plant=shard.plant,
        battery=battery,
        elements=() if is_header_only else public_elements(elements),
        life=life,
    )


def _model_plan(
    config: SiteConfig, model: BatteryModel, operators: Mapping[str, EconomicOperator]
) -> PassportPlan:
    """A model made in one plant states that plant's values; else each battery's passport does."""
    maker = operators[model.manufacturer]
    plant = maker.plant(model.plants[0]) if len(model.plants) == 1 else None
    elements = (*_shared(model, plant, operators), model_number(model))
    return PassportPlan(
        uri=ProductUri(config.base_url, model.identifier),
        model=model,
        operator=operators[model.operator],
        plant=plant,
        battery=None,
        elements=public_elements(elements),
    )


def _needs_none(model: BatteryModel) -> bool:
    return is_outside(model) and not model.scope.voluntary


def _without_passport(plan: PassportPlan) -> ProductPlan:
    return ProductPlan(
        uri=plan.uri, model=plan.model, operator=plan.operator, elements=plan.elements
    )


def _shards(
    batteries: Iterable[Battery],
    models: Mapping[str, BatteryModel],
    lives: Lives,
) -> Iterable[Shard]:
    def kind(battery: Battery) -> tuple[str, str]:
        return battery.model, battery.plant

    operators = lives.operators
    for (slug, plant_slug), group in groupby(sorted(batteries, key=kind), key=kind):
        model = models[slug]
        plant = operators[model.manufacturer].plant(plant_slug)
        assert plant is not None, "check refuses a battery of an unknown plant"
        yield Shard(
            model=model,
            operator=operators[model.operator],
            plant=plant,
            shared=_shared(model, plant, operators),
            batteries=tuple(group),
            lives=lives,
        )


def _shared(
    model: BatteryModel, plant: Plant | None, operators: Mapping[str, EconomicOperator]
) -> tuple[Element, ...]:
    identity = model_identity(model, operators[model.manufacturer], operators[model.operator])
    if plant is None:
        return (*identity, *model.elements)
    return (*identity, *plant_identity(model, plant), *model.elements_of(plant.slug))
