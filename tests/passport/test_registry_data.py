"""The registry's tables say what the law, the guidance and DIN DKE SPEC 99100 say.

Read here as raw TOML, so that a mistake in a table can't hide behind the code that loads it. The
facts to compare with are written down a second time, as short as possible: the guidance's
requirements as exceptions from "mandatory for all", and which data points each row of the SPEC
belongs to.
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

Row = dict[str, Any]

DATA = files("passport") / "data"
STEMS = {
    "general": {"general"},
    "labels": {"labels"},
    "carbon": {"carbon"},
    "due_diligence": {"due-diligence"},
    "materials": {"materials"},
    "circularity": {"circularity"},
    "performance": {"performance"},
    "condition": {"condition"},
    "restricted": {"labels", "materials", "circularity", "performance"},
}
CATEGORIES = ("ev", "lmt", "industrial")
NUMBERS = {str(n) for n in range(1, 72)} - {"43", "48"}
NUMBERS |= {f"{n}{part}" for n in (43, 48) for part in "abcdef"}

REQUIRED = {
    "key", "number", "clause", "spec", "group", "level", "section", "source", "update", "type",
    "requirement", "applies", "label", "help",
}  # fmt: skip
OPTIONAL = {
    "by_plant", "unit", "codes", "requirement_2", "duplicate_of", "pending", "field",
}  # fmt: skip
FIELD_TYPES = {
    "quantity", "integer", "text", "string", "code", "codes", "boolean", "date", "month", "period",
    "range", "uri", "email", "document", "documents",
}  # fmt: skip
UNITS = {
    "V", "A", "Ah", "kWh", "Wh", "W", "kW", "kg", "g", "t", "%", "°C", "Ω", "mΩ", "Nm", "years",
    "months", "cycles", "min", "count", "kgCO2e/kWh", "%/month", "W/Wh", "A/Ah",
}  # fmt: skip
SOURCES = {
    "model", "carbon", "composition", "circularity", "performance", "due-diligence", "waste",
    "restricted/xiii-2", "restricted/xiii-3", "events", "operator", "batteries", "derived",
}  # fmt: skip
RULES = {
    "rechargeable", "bms", "not_bms", "stationary", "not_standby", "ev", "lmt", "not_ev", "lithium",
    "lead_acid", "cobalt", "nickel", "energy_storage_internal", "warranty_given", "cadmium_or_lead",
    "lifetime_in_cycles", "over_2_kwh", "art_14", "art_10",
}  # fmt: skip
RESTRICTED_SOURCE = {
    "xiii-2": "restricted/xiii-2",
    "xiii-3": "restricted/xiii-3",
    "xiii-4": "events",
}

# Guidance 1.0, EV LMT industrial; every other number is mandatory for all three.
NOT_MANDATORY = {
    "5": "OOO",
    **dict.fromkeys(("16", "25"), "---"),
    **dict.fromkeys(("17", "18", "19", "44"), "PPP"),
    **dict.fromkeys(("31", "32", "36", "37", "39"), "MMC"),
    **dict.fromkeys(("33", "61"), "M--"),
    **dict.fromkeys(("35", "41", "57", "58", "68", "69", "70", "71"), "CCC"),
    **dict.fromkeys(("51", "52", "53", "54", "55", "56", "59", "60"), "MMC"),
    **dict.fromkeys(("62", "63", "64", "65", "66"), "-MC"),
}
PENDING_IN_2_0 = {"20", "21", "22", "23"}
COUNTS = {
    ("1.0", "ev"): {"M": 51, "C": 8, "P": 4, "O": 1, "-": 7},
    ("1.0", "lmt"): {"M": 54, "C": 8, "P": 4, "O": 1, "-": 4},
    ("1.0", "industrial"): {"M": 36, "C": 26, "P": 4, "O": 1, "-": 4},
    ("2.0", "ev"): {"M": 47, "C": 8, "P": 8, "O": 1, "-": 7},
    ("2.0", "lmt"): {"M": 50, "C": 8, "P": 8, "O": 1, "-": 4},
    ("2.0", "industrial"): {"M": 32, "C": 26, "P": 8, "O": 1, "-": 4},
}

# Rows of the SPEC that belong to several data points, or to one whose number is not evident.
SPEC_TO_NUMBERS = {
    1: "1", 2: "1 7", 3: "2", 4: "3 4 5", 5: "8", 6: "9", 8: "35", 9: "6", 10: "10", 11: "67",
    12: "40", 13: "41", 14: "18", 15: "14", 16: "43", 17: "42", 18: "50", 19: "17", 20: "17",
    21: "17", 22: "17", 23: "17", 24: "18", 25: "17", 26: "17", 28: "19", 31: "12", 32: "15",
    33: "45", 34: "13", 35: "43", 36: "48", 37: "46", 38: "47", 39: "49", 40: "22", 41: "20",
    42: "21", 43: "23", 44: "22", 45: "20", 46: "21", 47: "23", 48: "24", 49: "43", 50: "43",
    51: "43", 52: "11", 53: "62", 54: "52", 57: "61", 58: "71", 59: "26", 60: "28", 61: "27",
    62: "29", 63: "53 63", 64: "54", 65: "30", 67: "36", 68: "37", 69: "57 64", 70: "58", 73: "65",
    74: "38", 75: "55 56 66", 76: "60", 77: "31 59", 78: "68", 79: "32", 80: "39", 83: "33",
    84: "70", 85: "34", 86: "34", 91: "69", 92: "69", 93: "69",
}  # fmt: skip
VOLUNTARY_SPEC = set(range(1, 94)) - SPEC_TO_NUMBERS.keys()

# SHA-256 (shortened) of the first 60 letters of the guidance's long names, in lower case.
GUIDANCE_WORDING = {
    "64c8cf10c547", "d1bae90bd3df", "b3046f1dfb76", "2244d90b8cf6", "f0e11889c452", "2c0d811d3e26",
    "d91c68ffbc1c", "12a96b28ade0", "718dd667a9d6", "744210a1d29c", "a455443b29c1", "15511e8e2d15",
    "8110f4b2ce3d", "559c17bf5a07", "dacc9be5957c", "b7847bcc83a8", "b68463766656", "d3e205d28c6f",
    "1d6aaa4c96e1", "7992400bc800", "a9cb0b980510", "ced9172ff1e8", "271be03c5ca6", "c8f3146c92ea",
    "58acf2be95f3",
}  # fmt: skip


def _tables() -> Iterator[tuple[str, Row]]:
    for stem in STEMS:
        text = (DATA / "datapoints" / f"{stem}.toml").read_text(encoding="utf-8")
        for row in tomllib.loads(text)["data_point"]:
            yield stem, row


ROWS = tuple(_tables())
POINTS = tuple(row for _, row in ROWS)
NUMBERED = tuple(row for row in POINTS if row["number"])
VOLUNTARY = tuple(row for row in POINTS if not row["number"])
CODE_LISTS: dict[str, dict[str, Row]] = tomllib.loads(
    (DATA / "codelists.toml").read_text(encoding="utf-8")
)

each_row = pytest.mark.parametrize(("stem", "row"), ROWS, ids=[row["key"] for row in POINTS])
each_point = pytest.mark.parametrize("row", POINTS, ids=[row["key"] for row in POINTS])
each_numbered = pytest.mark.parametrize("row", NUMBERED, ids=[row["number"] for row in NUMBERED])
each_voluntary = pytest.mark.parametrize("row", VOLUNTARY, ids=[row["key"] for row in VOLUNTARY])
each_list = pytest.mark.parametrize("name", CODE_LISTS)


def test_every_table_is_read() -> None:
    found = {item.name for item in (DATA / "datapoints").iterdir()}
    assert found == {f"{stem}.toml" for stem in STEMS}


def test_keys_are_unique() -> None:
    assert [key for key, n in Counter(row["key"] for row in POINTS).items() if n > 1] == []


@pytest.mark.requirement("R3.1", "R3.2")
def test_every_number_occurs_once() -> None:
    assert Counter(row["number"] for row in NUMBERED) == Counter(NUMBERS)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.requirement("R3.4")
def test_counts_of_the_guidance(version: str, category: str) -> None:
    asked = {_base(row): _requirement(row, version)[category] for row in NUMBERED}
    assert len(asked) == 71
    assert Counter(asked.values()) == COUNTS[version, category]


@each_numbered
def test_requirements_are_those_of_the_guidance(row: Row) -> None:
    base = _base(row)
    expected = NOT_MANDATORY.get(base, "MMM")
    assert _letters(_requirement(row, "1.0")) == expected
    later = "PPP" if base in PENDING_IN_2_0 else expected
    assert _letters(_requirement(row, "2.0")) == later


@each_voluntary
def test_points_without_number_are_voluntary(row: Row) -> None:
    is_in_annex = row["clause"].startswith("Annex XIII ")
    assert row["spec"] or is_in_annex, "a data point needs a number, a row of the SPEC or a clause"
    assert set(row["requirement"].values()) <= {"v", "-"}
    assert "v" in row["requirement"].values()


@pytest.mark.requirement("R3.1")
def test_every_row_of_the_spec_is_covered() -> None:
    found: dict[int, set[str]] = {}
    for row in POINTS:
        for number in row["spec"]:
            found.setdefault(number, set()).add(_base(row))
    assert {n: " ".join(sorted(at, key=int)) for n, at in found.items() if at != {""}} == (
        SPEC_TO_NUMBERS
    )
    assert {n for n, at in found.items() if at == {""}} == VOLUNTARY_SPEC


@each_point
def test_members(row: Row) -> None:
    assert row.keys() >= REQUIRED
    assert row.keys() <= REQUIRED | OPTIONAL
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row["key"])
    assert row["clause"]
    assert tuple(row["requirement"]) == CATEGORIES


@each_row
def test_place(stem: str, row: Row) -> None:
    assert row["section"] in STEMS[stem]
    assert row["source"] in SOURCES
    assert row["level"] in ("model", "battery")
    assert row["update"] in ("static", "status-change", "periodic")
    assert set(row["applies"]) <= RULES
    expected_group = {"restricted": ("xiii-2", "xiii-3"), "condition": ("xiii-4",)}
    assert row["group"] in expected_group.get(stem, ("xiii-1",))


@each_point
def test_group_level_and_source_agree(row: Row) -> None:
    if row["group"] == "xiii-1":
        assert row["source"] not in RESTRICTED_SOURCE.values()
        assert row["update"] == "static"
    else:
        assert row["source"] == RESTRICTED_SOURCE[row["group"]]
        assert row["level"] == ("battery" if row["group"] == "xiii-4" else "model")
    if row.get("by_plant"):
        assert row["level"] == "model"


@each_point
def test_pending_is_explained(row: Row) -> None:
    waits = any("P" in _requirement(row, version).values() for version in ("1.0", "2.0"))
    assert ("pending" in row) == waits
    if waits:
        _check_both_languages(row["pending"])


def test_duplicates_name_other_data_points() -> None:
    duplicates = {row["number"]: row["duplicate_of"] for row in POINTS if "duplicate_of" in row}
    assert duplicates == {
        "16": ["chemistry", "hazardous_substances", "critical_raw_materials"],
        "25": ["rated_capacity"],
    }
    keys = {row["key"] for row in POINTS}
    assert all(set(targets) <= keys for targets in duplicates.values())


@each_point
@pytest.mark.requirement("R3.9")
def test_types(row: Row) -> None:
    fields = row.get("field", [])
    assert bool(fields) == (row["type"] in ("record", "records"))
    if not fields:
        _check_typed(row)
    for field in fields:
        assert field.keys() <= {"name", "type", "unit", "codes", "required", "label"}
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", field["name"])
        assert isinstance(field["required"], bool)
        _check_typed(field)
        _check_both_languages(field["label"])
    assert len({field["name"] for field in fields}) == len(fields)


@each_point
@pytest.mark.requirement("R3.2")
def test_words(row: Row) -> None:
    _check_both_languages(row["label"])
    _check_both_languages(row["help"])
    for language, text in row["help"].items():
        assert text.endswith("."), "help is written in whole sentences"
        assert text.rstrip(".") != row["label"][language]
        assert len(text) > len(row["label"][language])
        assert "compliant" not in text.lower()
    for text in (*row["label"].values(), *row["help"].values()):
        assert not GUIDANCE_WORDING & set(_openings(text)), "say it in our own words"


@each_list
def test_code_lists(name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
    for code, entry in CODE_LISTS[name].items():
        assert re.fullmatch(r"[A-Za-z0-9]+(-[a-z0-9]+)*", code)
        _check_both_languages(entry["label"])
    for language in ("en", "de"):
        words = [entry["label"][language] for entry in CODE_LISTS[name].values()]
        assert len(set(words)) == len(words)


def test_chemistries_say_which_metals_they_contain() -> None:
    chemistries = CODE_LISTS["chemistry"]
    metals = {metal for entry in chemistries.values() for metal in entry.get("contains", [])}
    assert metals == {"lithium", "nickel", "cobalt", "lead", "cadmium"}
    assert chemistries["lfp"]["contains"] == ["lithium"]
    assert set(chemistries["nmc"]["contains"]) == {"lithium", "nickel", "cobalt"}
    assert chemistries["agm"]["contains"] == ["lead"]


def test_battery_status_is_the_list_of_the_regulation() -> None:
    expected = {"original", "re-used", "repurposed", "remanufactured", "waste"}
    assert CODE_LISTS["battery_status"].keys() == expected
    after = {entry["status"] for entry in CODE_LISTS["lifecycle_operation"].values()}
    assert after == expected - {"original", "waste"}


def _check_typed(item: Row) -> None:
    assert item["type"] in FIELD_TYPES
    assert ("unit" in item) == (item["type"] in ("quantity", "range"))
    assert item.get("unit", "V") in UNITS
    assert ("codes" in item) == (item["type"] in ("code", "codes"))
    assert item.get("codes", "chemistry") in CODE_LISTS


def _check_both_languages(texts: Row) -> None:
    assert set(texts) == {"en", "de"}
    assert all(text and text == text.strip() for text in texts.values())


def _base(row: Row) -> str:
    return str(row["number"]).rstrip("abcdef")


def _requirement(row: Row, version: str) -> dict[str, str]:
    first: dict[str, str] = row["requirement"]
    return row.get("requirement_2", first) if version == "2.0" else first


def _letters(requirement: dict[str, str]) -> str:
    return "".join(requirement[category] for category in CATEGORIES)


def _openings(text: str) -> Iterator[str]:
    lowered = text.lower()
    for start in range(len(lowered) - 59):
        yield hashlib.sha256(lowered[start : start + 60].encode()).hexdigest()[:12]
