"""Reports for programs: SARIF as the standard has it, annotations that no text can break out of."""

from dataclasses import replace

from jsonschema import Draft202012Validator

from generator.cli.check_formats import annotations, sarif
from passport.problems import Place, Problem, Severity

ERROR = Problem(
    place=Place("content/models/größe 1/model.yaml", 12, 5),
    path="$.mass",
    rule="not-positive",
    message="0 kg is not above zero",
    remedy="give it",
    clause="Annex VI A (5)",
)
WARNING = Problem(
    place=Place("content/batteries/a,b.csv", 3),
    path="serial",
    rule="implausible-date",
    message="a: 50 %\nsecond line",
    remedy="mend it",
    severity=Severity.WARNING,
)
TEXT = {"type": "string", "minLength": 1}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
POSITIVE = {"type": "integer", "minimum": 1}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "additionalProperties": False,
    "properties": {
        "message": MESSAGE,
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}},
                            },
                            "region": {
                                "type": "object",
                                "additionalProperties": False,
                                "properties": {"startLine": POSITIVE, "startColumn": POSITIVE},
                            },
                        },
                    },
                    "logicalLocations": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"fullyQualifiedName": TEXT}},
                    },
                },
            },
        },
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": TEXT,
                                    "version": TEXT,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {"id": TEXT, "shortDescription": MESSAGE},
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""The part of SARIF 2.1.0 (3.13 to 3.30, 3.49) that we write, as strict as the standard."""


def test_sarif_has_the_shape_of_the_standard() -> None:
    Draft202012Validator(LOG).validate(sarif((ERROR, WARNING)))
    Draft202012Validator(LOG).validate(sarif(()))


def test_sarif_says_rule_level_place_and_remedy() -> None:
    (run,) = sarif((ERROR, WARNING))["runs"]  # type: ignore[misc, union-attr]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]  # type: ignore[index, call-overload]
    results = run["results"]  # type: ignore[index, call-overload]
    assert rules == ["implausible-date", "not-positive"]
    assert [rules[result["ruleIndex"]] for result in results] == [ERROR.rule, WARNING.rule]
    assert [result["level"] for result in results] == ["error", "warning"]
    assert results[0]["message"]["text"] == "0 kg is not above zero (Annex VI A (5)): give it"
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/models/gr%C3%B6%C3%9Fe%201/model.yaml"
    assert place["region"] == {"startLine": 12, "startColumn": 5}


def test_a_name_that_is_no_text_is_written_by_its_bytes() -> None:
    (run,) = sarif((replace(ERROR, place=Place("content/\udcff.yaml", 1)),))["runs"]  # type: ignore[misc, union-attr]
    place = run["results"][0]["locations"][0]["physicalLocation"]  # type: ignore[index, call-overload]
    assert place["artifactLocation"]["uri"] == "content/%FF.yaml"


def test_an_annotation_is_one_line_whatever_stands_in_it() -> None:
    assert annotations((WARNING,)) == (
        "::warning file=content/batteries/a%2Cb.csv,line=3,col=1,title=implausible-date serial"
        "::a: 50 %25%0Asecond line: mend it\n"
    )
