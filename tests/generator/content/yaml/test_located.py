"""The readers of located nodes: what has the wrong shape is told, what was told is not again."""

from collections.abc import Callable

import pytest

from generator.content.yaml.located import (
    Entry,
    Mapping,
    Node,
    Refused,
    Scalar,
    Sequence,
    as_mapping,
    as_sequence,
    as_text,
    unknown_keys,
)
from generator.content.yaml.near_misses import nearest
from passport.problems import Findings, Place

HERE = Place("model.yaml", 3, 5)
KEY = Scalar("voltage", Place("model.yaml", 3, 3), quoted=False)
TEXT = Scalar("51.2 V", HERE, quoted=False)
MAPPING = Mapping((Entry(KEY, TEXT),), HERE)
SEQUENCE = Sequence((TEXT,), HERE)


def told(findings: Findings) -> str:
    return "\n".join(str(problem) for problem in findings.problems)


def test_each_reader_returns_what_it_asks_for() -> None:
    findings = Findings()
    assert as_text(TEXT, "$.v", findings) == "51.2 V"
    assert as_mapping(MAPPING, "$.v", findings) is MAPPING
    assert as_sequence(SEQUENCE, "$.v", findings) is SEQUENCE
    assert told(findings) == ""


def test_mapping_finds_its_keys() -> None:
    assert MAPPING.names == ("voltage",)
    assert MAPPING.get("voltage") is TEXT
    assert MAPPING.get("current") is None


_VALUE = "stands where one value should: write one value here"
_NAMES = "write lines of the form name: value below it, indented by two spaces"
_ITEMS = "write each item on a line of its own, after a hyphen and a space"


@pytest.mark.parametrize(
    ("reader", "node", "message"),
    [
        (as_text, MAPPING, f"a group of names with values {_VALUE}"),
        (as_text, SEQUENCE, f"a list {_VALUE}"),
        (as_mapping, TEXT, f"the text '51.2 V' stands where names with values should: {_NAMES}"),
        (
            as_sequence,
            MAPPING,
            f"a group of names with values stands where a list should: {_ITEMS}",
        ),
    ],
)
def test_another_shape_is_told(
    reader: Callable[[Node, str, Findings], object], node: Node, message: str
) -> None:
    findings = Findings()
    assert reader(node, "$.v", findings) is None
    assert told(findings) == f"model.yaml:3:5: $.v: {message}"


@pytest.mark.parametrize(
    "scalar",
    [
        Scalar("", HERE, quoted=False),
        Scalar("null", HERE, quoted=False),
        Scalar("", HERE, quoted=True),
        Scalar("  ", HERE, quoted=True),
    ],
    ids=["nothing", "null", "empty quotes", "blanks"],
)
def test_empty_value(scalar: Scalar) -> None:
    findings = Findings()
    assert as_text(scalar, "$.v", findings) is None
    assert told(findings) == (
        "model.yaml:3:5: $.v: there is no value here: write one value here, or remove the line"
    )
    assert findings.problems[0].rule == "empty-value"


def test_quoted_null_is_a_text() -> None:
    findings = Findings()
    assert as_text(Scalar("null", HERE, quoted=True), "$.v", findings) == "null"


def test_a_refused_value_is_not_told_again() -> None:
    findings = Findings()
    refused = Refused(HERE)
    assert as_text(refused, "$", findings) is None
    assert as_mapping(refused, "$", findings) is None
    assert as_sequence(refused, "$", findings) is None
    assert told(findings) == ""


@pytest.mark.parametrize(
    ("allowed", "remedy"),
    [
        (
            ["nominal_voltage", "voltages"],
            "write voltages if that is what was meant, otherwise remove it",
        ),
        (["mass"], "remove it, or use one of: mass"),
        ([], "remove it"),
    ],
    ids=["near miss", "nothing near", "nothing known"],
)
def test_unknown_key(allowed: list[str], remedy: str) -> None:
    findings = Findings()
    unknown_keys(MAPPING, "$", allowed, findings)
    assert told(findings) == (
        f"model.yaml:3:3: $.voltage: 'voltage' is not a known key here: {remedy}"
    )


def test_known_keys_are_not_told() -> None:
    findings = Findings()
    unknown_keys(MAPPING, "$", ["voltage"], findings)
    assert told(findings) == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("nominal_voltge", "nominal_voltage"),
        ("Nominal Voltage", "nominal_voltage"),
        ("nominal-voltage", "nominal_voltage"),
        ("colour", None),
    ],
)
def test_nearest(name: str, found: str | None) -> None:
    assert nearest(name, ["mass", "nominal_voltage"]) == found
