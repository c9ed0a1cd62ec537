"""The data points that nobody types: who and what, made from the nouns (guidance 1 to 9).

Operators, plants, models and battery rows are written once in content; here they become elements
like all others, so that pages, JSON and completeness treat them alike.
"""

from passport.identifiers import ProductUri
from passport.model import Battery, BatteryModel, EconomicOperator, Element, Plant
from passport.problems import Place
from passport.registry import registry
from passport.values import Code, Link, Record, Value


def model_identity(
    model: BatteryModel, manufacturer: EconomicOperator, operator: EconomicOperator
) -> tuple[Element, ...]:
    """Who made the model, who is responsible for its passports, and its category."""
    category = Code("battery_category", model.traits.category)
    return (
        responsible_operator(operator),
        _element("manufacturer", _maker(manufacturer), manufacturer.place),
        _element("manufacturer_address", _address(manufacturer), manufacturer.place),
        *_contact(manufacturer),
        _element("battery_category", category, model.place),
    )


def responsible_operator(operator: EconomicOperator) -> Element:
    """Who is responsible for a passport."""
    return _element("responsible_operator", _responsible(operator), operator.place)


def model_number(model: BatteryModel) -> Element:
    """What identifies the model itself; a battery's adds its serial."""
    parts = _record(model_number=model.model_number, name=model.name)
    return _element("model_identification", parts, model.place)


def plant_identity(model: BatteryModel, plant: Plant) -> tuple[Element, ...]:
    """Where the batteries of one plant were made."""
    place = _record(
        name=plant.name, city=plant.city, country=plant.country, facility_id=plant.facility_id
    )
    return (_element("manufacturing_place", place, model.place),)


def battery_identity(model: BatteryModel, battery: Battery, uri: ProductUri) -> tuple[Element, ...]:
    """What names one battery, and when it was made."""
    parts = _record(
        model_number=model.model_number, name=model.name, serial_number=str(battery.serial)
    )
    return (
        _element("unique_identifier", Link(str(uri)), battery.place),
        _element("model_identification", parts, battery.place),
        _element("manufacturing_date", battery.manufactured, battery.place),
    )


def _responsible(operator: EconomicOperator) -> Record:
    address = operator.address
    return _record(
        name=operator.name,
        identifier=operator.identifier,
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
        web=Link(operator.web) if operator.web else "",
        email=operator.email,
    )


def _maker(operator: EconomicOperator) -> Record:
    trade_name = "" if operator.trade_name == operator.name else operator.trade_name
    return _record(name=operator.name, trade_name=trade_name, identifier=operator.identifier)


def _address(operator: EconomicOperator) -> Record:
    address = operator.address
    return _record(
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
    )


def _contact(operator: EconomicOperator) -> tuple[Element, ...]:
    parts = _record(web=Link(operator.web) if operator.web else "", email=operator.email)
    return (_element("manufacturer_contact", parts, operator.place),) if parts.fields else ()


def _record(**parts: Value) -> Record:
    return Record(tuple((name, value) for name, value in parts.items() if value != ""))


def _element(key: str, value: Value, place: Place) -> Element:
    return Element(point=registry().by_key[key], value=value, place=place)
