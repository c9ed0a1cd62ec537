"""Pictures: each is sound, named and described, and shows the signed values and no others."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from generator.build.artifact import PAGE_TYPE, Artifact, CacheClass
from generator.build.issue import Issued
from generator.build.pages.language import Language, Phrase, load_language
from generator.build.pages.pictures.lives import battery_timeline
from generator.build.pages.pictures.sections import SectionPictures
from generator.build.pages.pictures.svg import Figure, text
from generator.build.pages.value_views import ValueViewer
from generator.build.plan import PassportPlan
from generator.build.public_words import told_by
from passport.checks.recycled import next_minimum
from passport.identifiers import parse_product_uri
from passport.life.life import PassportStatus, PublicLife
from passport.model import Element
from passport.subject import element_json
from passport.values import Code, Quantity, Range, Record, Value, YearMonth
from passport.version_history import PastVersion
from tests.nouns import element, model

THEME = Path(__file__).parents[4] / "themes" / "default"
KG = "kgCO2e/kWh"
URI = "https://id.example.com/01/09506000134352/21/"


def amount(number: str, unit: str = "%") -> Quantity:
    return Quantity(Decimal(number), unit)


def record(**fields: Value) -> Record:
    return Record(tuple(fields.items()))


CARBON = element(
    "carbon_footprint",
    record(
        per_functional_unit=amount("0.0594", KG),
        raw_material=amount("0.0408", KG),
        main_production=amount("0.0204", KG),
        distribution=amount("0.0008", KG),
        end_of_life=amount("0.0000", KG),
    ),
)
CLASS = element("carbon_footprint_label", record(performance_class=Code("performance_class", "C")))
SHARES = (("nickel", "11.20"), ("cobalt", "1.4"), ("aluminium", "31.8"))
COMPOSITION = element(
    "critical_raw_materials",
    (
        *(
            record(material=Code("critical_raw_material", code), share=amount(share))
            for code, share in SHARES
        ),
        record(material=Code("critical_raw_material", "lithium")),
    ),
)
RECYCLED = tuple(
    element(f"recycled_{metal}", record(pre_consumer=amount(pre), post_consumer=amount(post)))
    for metal, pre, post in (("cobalt", "6.0", "4.5"), ("nickel", "0", "0"))
)
VOLTAGE = tuple(
    element(f"{name}_voltage", amount(number, "V"))
    for name, number in (("minimum", "1000"), ("nominal", "1200"), ("maximum", "1500.5"))
)
IDLE = element("idle_temperature", Range(Decimal(-40), Decimal(60), "°C"))
CASES: Mapping[str, tuple[str, tuple[Element, ...]]] = {
    "stages": ("carbon", (CARBON,)),
    "class": ("carbon", (CLASS,)),
    "composition": ("materials", (COMPOSITION,)),
    "recycled": ("circularity", RECYCLED),
    "voltage": ("performance", VOLTAGE),
    "temperature": ("performance", (IDLE,)),
}


def language(code: str) -> Language:
    """A page's language; "nb" has no catalogue, since it is none of the EU's."""
    return load_language(code, (THEME,))


def pictures(code: str = "de", day: date | None = None) -> SectionPictures:
    minimum = next_minimum(model(), day) if day else None
    return SectionPictures(ValueViewer(language(code), {}), minimum)


def drawn(markup: Markup) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 (our own)


def texts(picture: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in picture.iter("text")]


def widths(picture: ET.Element) -> list[float]:
    return [float(bar.attrib["width"].removesuffix("%")) for bar in picture.iter("rect")]


def shown_values(picture: ET.Element) -> list[tuple[list[str], str]]:
    """The pointer and the text of each element that shows a value."""
    around = picture.get("data-member", "")
    shown = [e for e in picture.iter() if e is not picture and "data-member" in e.attrib]
    pointers = [f"{around}/{each.attrib['data-member']}".split("/") for each in shown]
    return [
        ([name for name in pointer if name], "".join(each.itertext()))
        for pointer, each in zip(pointers, shown, strict=True)
    ]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("code", ["en", "de", "nb"])
def test_a_picture_is_an_image_with_a_name_and_a_description(code: str, name: str) -> None:
    section, elements = CASES[name]
    picture = drawn(pictures(code).of(section, elements))
    assert (picture.tag, picture.get("role")) == ("svg", "img")
    by_id = {each.get("id"): each for each in picture.iter()}
    for reference in ("aria-labelledby", "aria-describedby"):
        assert "".join(by_id[picture.attrib[reference]].itertext()).strip()
    assert not [each.attrib for each in picture.iter() if "style" in each.attrib]
    foreign = {each.get("lang") for each in picture.iter()} - {None}
    assert foreign == ({"en"} if code == "nb" else set())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("code", ["en", "de"])
def test_every_number_is_the_signed_one(code: str, name: str) -> None:
    section, elements = CASES[name]
    subject = {each.point.member: element_json(each, {}) for each in elements}
    found = shown_values(drawn(pictures(code).of(section, elements)))
    assert found
    for pointer, said in found:
        value: Any = subject
        for step in pointer:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert said == written(value, language(code)), pointer


def written(value: Any, page: Language) -> str:  # noqa: ANN401 (JSON)
    """A signed value as its row writes it."""
    if isinstance(value, str):
        return value
    viewer = ValueViewer(page, {})
    if "low" in value:
        whole = viewer.measure(Range(Decimal(value["low"]), Decimal(value["high"]), value["unit"]))
    else:
        whole = viewer.measure(Quantity(Decimal(value["value"]), value["unit"]))
    return f"{whole.number}\N{NO-BREAK SPACE}{whole.unit}"


def test_nothing_stated_nothing_drawn() -> None:
    for section in ("general", "carbon", "materials", "circularity", "performance"):
        assert pictures().of(section, ()) == ""
    nothing = replace(CARBON, value=record(raw_material=amount("0", KG)))
    assert pictures().of("carbon", (nothing,)) == ""
    assert pictures().of("performance", VOLTAGE[:2]) == ""


def test_bars_begin_at_zero_and_share_a_scale() -> None:
    picture = drawn(pictures().of("carbon", (CARBON,)))
    assert widths(picture) == [100, 50, 2, 0]
    assert not [bar for bar in picture.iter("rect") if "x" in bar.attrib]


def test_a_second_part_follows_the_first_and_is_an_outline() -> None:
    picture = drawn(pictures().of("circularity", RECYCLED))
    first, second = list(picture.iter("rect"))[:2]
    assert (first.get("class"), second.get("class")) == (None, "open")
    assert second.get("x") == first.get("width")
    assert any("■ Aus Abfällen der" in said for said in texts(picture))
    assert "□ Aus Verbraucherabfällen" in texts(picture)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, []),
        (date(2026, 11, 22), ["┃ at least 16\N{NO-BREAK SPACE}% from 2031 on", "6"]),
        (date(2037, 1, 1), ["┃ at least 26\N{NO-BREAK SPACE}% from 2036 on", "15"]),
    ],
)
@pytest.mark.requirement("R3.8")
def test_a_minimum_share_is_a_line_across_the_bar(day: date | None, said: list[str]) -> None:
    picture = drawn(pictures("en", day).of("circularity", RECYCLED))
    limits = [each for each in texts(picture) if each.startswith("┃")]
    assert len(limits) == len(said) == len(list(picture.iter("line")))
    assert limits[:1] == said[:1]
    assert all(share in limits[1] for share in said[1:])


def test_the_window_of_voltage_ends_at_the_highest() -> None:
    picture = drawn(pictures("en").of("performance", VOLTAGE))
    (window,) = picture.iter("rect")
    assert window.attrib["x"] == "66.5%"
    assert "Maximum voltage 1,500.5\N{NO-BREAK SPACE}V" in texts(picture)


def test_the_freezing_point_stands_where_the_scale_holds_it() -> None:
    for low, is_there in ((-40, True), (30, False), (5, True)):
        warm = replace(IDLE, value=Range(Decimal(low), Decimal(60), "°C"))
        found = texts(drawn(pictures("en").of("performance", (warm,))))
        assert ("0\N{NO-BREAK SPACE}°C" in found) is is_there


def test_the_stated_class_stands_out_by_more_than_colour() -> None:
    picture = drawn(pictures().of("carbon", (CLASS,)))
    kinds = [box.get("class") for box in picture.iter("rect")]
    assert kinds == ["class", "class", "stated", "class", "class"]
    assert texts(picture)[1:] == ["A", "B", "C", "D", "E"]


def plan(*, placed: date | None = date(2027, 2, 24), **linked: object) -> PassportPlan:
    life = PublicLife(
        passport_status=PassportStatus.CURRENT,
        holder="maker",
        placed_on_market=placed,
        **linked,  # type: ignore[arg-type]
    )
    return PassportPlan(
        uri=parse_product_uri(f"{URI}B1").uri,
        model=model(),
        operator=None,  # type: ignore[arg-type]
        plant=None,
        battery=None,
        elements=(element("manufacturing_date", YearMonth(2026, 11)),),
        life=life,
    )


def issued(version: int = 1) -> Issued:
    return Issued(b"", datetime(2026, 12, 1, tzinfo=UTC), version, "z")


def past(count: int) -> tuple[PastVersion, ...]:
    return tuple(
        PastVersion(
            version=number,
            digest="z",
            valid_from=datetime(2027, 3, number, tzinfo=UTC),
            valid_to=None,
            reason="a reason that names nobody",
            changed=(),
            commit="",
        )
        for number in range(1, count + 1)
    )


def test_a_timeline_tells_what_happened_in_its_order() -> None:
    earlier, later = (parse_product_uri(f"{URI}{serial}").uri for serial in ("A0", "C2"))
    one = plan(predecessors=(earlier,), successors=(later,))
    picture = drawn(battery_timeline(one, issued(), (), language("en")))
    assert texts(picture) == [
        "Timeline",
        *("Earlier passport", "A0"),
        *("Date of manufacture", "November 2026"),
        *("Version 1", "1 December 2026"),
        *("Placed on the market", "24 February 2027"),
        *("Later passport", "C2"),
    ]
    assert len(list(picture.iter("circle"))) == 5
    assert shown_values(picture) == [(["manufacturingDate", "value"], "November 2026")]


def test_a_timeline_of_many_versions_holds_the_first_and_the_last() -> None:
    picture = drawn(battery_timeline(plan(placed=None), issued(9), past(9), language("en")))
    versions = [said for said in texts(picture) if said.startswith("Version")]
    assert versions == [f"Version {number}" for number in (1, 5, 6, 7, 8, 9)]
    assert "reason" not in "".join(texts(picture))


def test_there_is_no_timeline_of_one_thing_or_of_a_passport_that_ceased() -> None:
    ceased = replace(plan(), elements=())
    assert battery_timeline(ceased, issued(), (), language("en")) == ""
    one = replace(plan(placed=None), elements=(CARBON,))
    assert battery_timeline(one, issued(), (), language("en")) == ""


def test_long_names_break_into_lines_before_their_number() -> None:
    picture = drawn(pictures().of("carbon", (CARBON,)))
    said = texts(picture)[1:]
    assert max(map(len, said)) <= 33
    assert said[:2] == [
        "Rohstoffbeschaffung und",
        "Vorbehandlung 0,0408\N{NO-BREAK SPACE}kg\N{NO-BREAK SPACE}CO₂e/kWh",
    ]
    tops = [float(each.attrib["y"].removesuffix("em")) for each in picture.iter("text")]
    assert tops == sorted(tops)


def test_the_guard_against_leaks_reads_pictures() -> None:
    page = Artifact(
        url_path="/01/09506000134352",
        content=pictures().of("performance", VOLTAGE).encode(),
        media_type=PAGE_TYPE,
        cache=CacheClass.PAGE,
    )
    assert "Minimalspannung" in told_by(page)
    assert "66.5" not in told_by(page)


def test_a_text_can_not_write_markup() -> None:
    for words in (Phrase('<b>"&', "en"), Figure('<b>"&', 'x"y')):
        written_out = text(words, Decimal(1))
        assert drawn(written_out).text == '<b>"&'
        assert not re.search("<b>", written_out)
