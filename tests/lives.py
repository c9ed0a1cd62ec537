"""Events for tests, short to write: one battery, placed on the market in March 2027."""

from datetime import date
from decimal import Decimal

from passport.identifiers import DppId, ProductUri, parse_product_uri
from passport.life.course import Beginning
from passport.life.events import Event, Kind, Measurement, Moment, Predecessor, Successor, What
from passport.life.life import Life, fold
from passport.model import Element, NotApplicable
from passport.problems import Findings, Place
from passport.registry import registry
from passport.values import Code, Quantity, Value, YearMonth

TODAY = date(2030, 1, 1)
HERE = parse_product_uri("https://id.maker.example/01/09506000134352/21/A1").uri
THERE = parse_product_uri("https://id.second.example/01/09506000134369/21/B1").uri
ELSEWHERE = parse_product_uri("https://id.second.example/01/09506000134369/21/B2").uri
BEGINNING = Beginning(
    dpp_id=DppId.of(HERE.key),
    uri=HERE,
    manufactured=YearMonth(2027, 2),
    placed_on_market=date(2027, 3, 1),
    holder="maker",
    place=Place("content/batteries/lot.csv", 2),
)


def at(time: str, what: What, line: int = 1) -> Event:
    return Event(
        battery=BEGINNING.dpp_id,
        time=Moment.parse(time),
        what=what,
        place=Place("content/events/2027.jsonl", line),
    )


def measured(**values: str | Value | NotApplicable) -> Measurement:
    """`full_cycles="12"` is a quantity in the data point's unit."""
    return Measurement(tuple(_element(key, value) for key, value in values.items()))


def _element(key: str, value: str | Value | NotApplicable) -> Element:
    point = registry().by_key[key]
    if isinstance(value, str):
        value = Quantity(Decimal(value), point.unit)
    return Element(point=point, value=value, place=Place("content/events/2027.jsonl"))


def operation(code: str) -> Code:
    return Code("lifecycle_operation", code)


def successor(uri: ProductUri = THERE, code: str = "repurposing") -> Successor:
    return Successor(uri, operation(code))


def predecessor(*uris: ProductUri, code: str = "repurposing") -> Predecessor:
    return Predecessor(uris, operation(code))


def folded(*events: Event, as_of: date = TODAY, beginning: Beginning = BEGINNING) -> Life:
    """The life of events in which nothing is wrong."""
    findings = Findings()
    life = fold(events, beginning, as_of, findings)
    assert not findings.problems, [str(each) for each in findings.problems]
    return life


def rules(*events: Event, as_of: date = TODAY, beginning: Beginning = BEGINNING) -> list[str]:
    """The rules that events break."""
    findings = Findings()
    fold(events, beginning, as_of, findings)
    return [each.rule for each in findings.problems]


def kinds(life: Life) -> list[Kind]:
    return [event.kind for event in life.condition.history]
