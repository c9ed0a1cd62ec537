"""What a check found, for other programs: JSON, SARIF 2.1.0, annotations of CI.

Nothing is printed here; the report for people is `generator.cli.report`. SARIF: OASIS, Static
Analysis Results Interchange Format 2.1.0.
"""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from urllib.parse import quote

from generator.content.check import Checked
from passport.applicability import Outcome, State
from passport.completeness import Completeness
from passport.encoding.canonical import JsonObject
from passport.hosting import Hosting
from passport.problems import Problem, Severity
from passport.registry import registry

SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def reason(outcome: Outcome) -> str:
    """Why a data point has no value, in English or in the operator's language."""
    if outcome.state is State.DUPLICATE:
        labels = (registry().by_key[key].label.text("en") for key in outcome.point.duplicate_of)
        return f"see {', '.join(labels)}"
    return outcome.reason.in_language("en")[1]


def check_json(checked: Checked) -> JsonObject:
    """Everything that a check found: problems, and the outcome of each data point by model."""
    return {
        "as_of": checked.standard.as_of.isoformat(),
        "guidance": checked.standard.guidance,
        "files": checked.files,
        "errors": checked.errors,
        "warnings": checked.warnings,
        "problems": [problem_json(problem) for problem in checked.problems],
        "unseen": [
            {"slug": each.model, "groups": [group.value for group in each.groups]}
            for each in checked.content.unseen
        ],
        "hosting": _hosting_json(checked.content.hosting),
        "registered": [
            model.slug for model in checked.content.models if model.registration is not None
        ],
        "models": [_model_json(model) for model in checked.completeness],
    }


def annotations(problems: Iterable[Problem]) -> str:
    """One line a problem, as GitHub's workflow commands show them at their line."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def sarif(problems: Iterable[Problem]) -> JsonObject:
    """A SARIF log with one run; rules are those that were broken, in order of their names."""
    told = tuple(problems)
    rules = sorted({problem.rule for problem in told})
    driver: JsonObject = {
        "name": "cellfolio",
        "version": version("cellfolio"),
        "rules": [_sarif_rule(rule) for rule in rules],
    }
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(problem, rules.index(problem.rule)) for problem in told],
            }
        ],
    }


def problem_json(problem: Problem) -> JsonObject:
    """A problem as programs get it from every command."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "path": problem.path,
        "severity": problem.severity.value,
        "rule": problem.rule,
        "message": problem.message,
        "remedy": problem.remedy,
        "clause": problem.clause,
    }


def _hosting_json(hosting: Hosting | None) -> JsonObject | None:
    """Who and when; contracts stay in content."""
    if hosting is None:
        return None
    processor, back_up = hosting.processor, hosting.back_up
    return {
        "data_host": hosting.data_host,
        "processor": processor.operator if processor else None,
        "no_resale": processor.no_resale if processor else None,
        "back_up": back_up.operator if back_up else None,
        "back_up_url": back_up.url if back_up else None,
        "last_mirror": _day(back_up.last_mirror) if back_up else None,
        "last_drill": _day(back_up.last_drill) if back_up else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _model_json(model: Completeness) -> JsonObject:
    return {
        "slug": model.model,
        "counts": {state.value: count for state, count in model.counts.items()},
        "data_points": [_outcome_json(outcome) for outcome in model.outcomes],
    }


def _outcome_json(outcome: Outcome) -> JsonObject:
    return {
        "number": outcome.point.number,
        "key": outcome.point.key,
        "group": outcome.point.group.value,
        "clause": outcome.point.clause,
        "state": outcome.state.value,
        "certain": outcome.certain,
        "reason": reason(outcome),
    }


def _annotation(problem: Problem) -> str:
    place = problem.place
    members = {
        "file": place.file,
        "line": str(place.line),
        "col": str(place.column),
        "title": f"{problem.rule} {problem.path}",
    }
    named = ",".join(f"{name}={_escaped_member(text)}" for name, text in members.items())
    return f"::{problem.severity.value} {named}::{_escaped(_sentence(problem))}"


def _sentence(problem: Problem) -> str:
    basis = f" ({problem.clause})" if problem.clause else ""
    return f"{problem.message}{basis}: {problem.remedy}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_member(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _sarif_rule(rule: str) -> JsonObject:
    return {"id": rule, "shortDescription": {"text": rule.replace("-", " ")}}


def _sarif_result(problem: Problem, rule_index: int) -> JsonObject:
    place = problem.place
    region = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule_index,
        "level": "error" if problem.severity is Severity.ERROR else "warning",
        "message": {"text": _sentence(problem)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place.file, errors="surrogateescape")},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": problem.path}],
            }
        ],
    }
