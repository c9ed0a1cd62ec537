"""The nouns: economic operator, plant, battery model, battery, and the elements they carry.

A model holds what anyone may read. What Annex XIII points 2, 3 and 4 restrict stands in
`RestrictedElements`, a type that nothing which renders, prints or logs ever takes (DESIGN 6).
The nouns know what they are made of, not how content spells them nor whether they are complete.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from passport.gs1 import Giai, Gtin, SerialNumber
from passport.problems import Place
from passport.product_key import BatteryKey, OwnIdentifier, ProductKey
from passport.registry import Category, DataPoint, Group
from passport.values import Document, Quantity, Record, Text, Value, YearMonth


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The operator's statement that a data point does not apply, and why."""

    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Under which a value was measured; a part that was left out is None."""

    temperature: Quantity | None = None
    state_of_charge: Quantity | None = None
    c_rate: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One data point of one model or battery: a value or the reason why there is none.

    `basis` is declared, measured or verified. `evidence` names an entry of the evidence register
    and is never published; nor is `place`, where content states the value.
    """

    point: DataPoint
    value: Value | NotApplicable
    place: Place
    conditions: Conditions = Conditions()
    as_of: date | None = None
    method: str = ""
    basis: str = ""
    originator: str = ""
    uncertainty: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedElements:
    """The elements of one group that is not public, of one model."""

    model: str
    group: Group
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address with a single contact point (Annex VI A (1)); country by ISO 3166-1."""

    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRole:
    """A role under the Regulation, what proves it, and from when to when it is held."""

    role: str
    evidence: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A manufacturing plant; `facility_id` is its unique facility identifier, or ""."""

    slug: str
    name: str
    city: str
    country: str
    facility_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisedParty:
    """A party that an operator lets tell events of its batteries: its DID, proof and period."""

    did: str
    evidence: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomicOperator:
    """A company in one or more roles; `identifier` is the one that registries know it by."""

    slug: str
    name: str
    trade_name: str
    identifier: str
    address: Address
    web: str
    email: str
    roles: tuple[OperatorRole, ...]
    plants: tuple[Plant, ...]
    place: Place
    authorised: tuple[AuthorisedParty, ...] = ()

    def plant(self, slug: str) -> Plant | None:
        """Return one of the operator's plants, or None."""
        return next((plant for plant in self.plants if plant.slug == slug), None)

    def holds(self, fitting: tuple[str, ...], day: date) -> bool:
        """Whether the operator holds one of the roles that fit on a day."""
        return any(
            role.role in fitting
            and role.valid_from <= day
            and (role.valid_until is None or day <= role.valid_until)
            for role in self.roles
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDecision:
    """A recorded decision under Art. 77(1) with its reason, who reviewed it and when.

    `industrial_use` and `stationary_reason` say why a battery counts as industrial (Art. 3(1)(13))
    and as stationary energy storage or not (Art. 3(1)(15)). `part_of` names the models that this
    one is built into; then only units that are `also_sold_singly` are batteries of their own.
    Never published: neither reviewer nor reasons.
    """

    rationale: str
    reviewer: str
    reviewed_on: date | None
    voluntary: bool
    industrial_use: str = ""
    stationary_reason: str = ""
    market_route: str = ""
    part_of: tuple[str, ...] = ()
    also_sold_singly: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What decides which data points apply to a model.

    `stationary` is stationary battery energy storage (Art. 3(1)(15)); `storage` is internal,
    external or none (Art. 7 and 8 treat exclusively external storage apart); `standby` means that
    the battery waits fully charged, so that years and not cycles bound its life.
    """

    category: Category
    stationary: bool
    storage: str
    rechargeable: bool
    bms: bool
    standby: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Rated capacity times nominal voltage; `rate` is the C-rate that the Ah were stated at."""

    voltage: Quantity
    capacity: Quantity
    rate: Quantity | None

    @property
    def kwh(self) -> Decimal:
        """The product, without trailing zeros."""
        product = self.voltage.number * self.capacity.number / 1000
        return product.quantize(1) if product == product.to_integral() else product.normalize()

    def __str__(self) -> str:
        rate = f" at {self.rate}" if self.rate else ""
        return f"{self.voltage} x {self.capacity}{rate} = {self.kwh:f} kWh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the EU registry of passports answered; never published.

    `version_sha256` is the digest of the passport that was registered, `proof` where its receipt
    is kept.
    """

    registration_id: str
    registered_on: date | None
    version_sha256: str
    proof: str
    commodity_code: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryModel:
    """A battery model and everything public about it.

    `identifier` is the model's own: a GTIN, or an identifier under `/id/`. `manufacturer` and
    `operator` are slugs: the name on the label, and who places it on the market. `by_plant` holds
    the elements that differ from plant to plant. `identifier_issuer` and `iso15459` say who issues
    identifiers that are no GS1 keys and how ISO/IEC 15459 spells them, else they are "".
    """

    slug: str
    name: str
    model_number: str
    identifier: Gtin | OwnIdentifier
    manufacturer: str
    operator: str
    plants: tuple[str, ...]
    placed_as: str
    traits: Traits
    scope: ScopeDecision
    documents: tuple[Document, ...]
    elements: tuple[Element, ...]
    by_plant: tuple[tuple[str, tuple[Element, ...]], ...]
    prose: Text | None
    place: Place
    identifier_issuer: str = ""
    iso15459: str = ""
    registration: Registration | None = None
    picture: Document | None = None

    def elements_of(self, plant: str) -> tuple[Element, ...]:
        """The model's elements as they are for batteries of one plant."""
        return self.elements + dict(self.by_plant).get(plant, ())

    def value(self, key: str) -> Value | None:
        """The value of a data point that does not depend on the plant; None when there is none."""
        for element in self.elements:
            if element.point.key == key and not isinstance(element.value, NotApplicable):
                return element.value
        return None

    @property
    def energy(self) -> Energy | None:
        """Its capacity in kWh (Art. 77(1)), None while rated capacity or nominal voltage is."""
        found = {element.point.key: element for element in self.elements}
        match found.get("nominal_voltage"), found.get("rated_capacity"):
            case Element(value=Quantity() as voltage), Element(value=Quantity() as capacity) as of:
                return Energy(voltage=voltage, capacity=capacity, rate=of.conditions.c_rate)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """One battery, as placed on the market (Art. 77(3)): one row of a lot.

    `installation` groups batteries so that people find them. It is never published, nor are
    `created_on`, when the source system made the record, and `lifecycle_event`, its reference to
    what the battery went through there.
    """

    model: str
    serial: SerialNumber
    giai: Giai | None
    plant: str
    manufactured: YearMonth
    placed_on_market: date | None
    place: Place
    installation: str = ""
    created_on: date | None = None
    lifecycle_event: str = ""


def battery_key(model: BatteryModel, battery: Battery) -> ProductKey:
    """What names a battery: its GIAI, else its model's identifier with its serial number."""
    if battery.giai is not None:
        return battery.giai
    if isinstance(model.identifier, Gtin):
        return BatteryKey(model.identifier, battery.serial)
    return OwnIdentifier(model.identifier.scheme, f"{model.identifier.value}.{battery.serial}")


def leaves(value: Value | NotApplicable) -> Iterator[tuple[str, str, Value]]:
    """Every single value inside a value: (where, field name or "", value)."""
    if not isinstance(value, NotApplicable):
        yield from _leaves("", "", value)


def _leaves(below: str, name: str, value: Value) -> Iterator[tuple[str, str, Value]]:
    match value:
        case Record(fields):
            for field, part in fields:
                yield from _leaves(f"{below}.{field}", field, part)
        case tuple():
            for index, part in enumerate(value):
                yield from _leaves(f"{below}[{index}]", name, part)
        case _:
            yield below, name, value
