"""Evidence: every value has an entry of the register, and every entry says what it must."""

from collections.abc import Iterator

from passport.checks.context import CheckContext, ModelContent, stated
from passport.evidence import EvidenceEntry, EvidenceRow, Result, evidence_rows
from passport.problems import Place, Problem, Severity

_MOST_NAMED = 5


def entries_exist(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """What a value names is an entry of the register; that there is none at all is told once."""
    register = content.evidence
    if register is None or not register.entries:
        return
    known = ", ".join(entry.name for entry in register.entries)
    for item in stated(content):
        name = item.element.evidence
        if name and register.named(name) is None:
            yield Problem(
                item.element.place,
                f"{item.path}.evidence",
                "unknown-evidence",
                f"there is no evidence entry {name!r}",
                f"add it to {register.place.file}, or name one of: {known}",
            )


def points_are_covered_once(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """No two entries cover a data point, so that it is clear which one counts."""
    first: dict[str, str] = {}
    for entry in _entries(content):
        for point in entry.covers:
            earlier = first.setdefault(point.key, entry.name)
            if earlier != entry.name:
                yield Problem(
                    entry.place,
                    f"$.{entry.name}.covers",
                    "covered-twice",
                    f"{earlier} covers {point.key} already",
                    f"keep one, and write evidence: {entry.name} at the values that it proves",
                )


def results_are_dated(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """A result was found on a day that is not in the future."""
    for entry in _entries(content):
        day = entry.validated_on
        if day is None and entry.result is not Result.OPEN:
            yield Problem(
                entry.place,
                f"$.{entry.name}",
                "undated-result",
                f"the result is {entry.result}, but there is no validated_on",
                "write the day of the validation, or result: open",
            )
        if day is not None and day > context.as_of:
            yield Problem(
                entry.place,
                f"$.{entry.name}.validated_on",
                "future-validation",
                f"the validation of {day.isoformat()} has not happened yet",
                "write the day on which it was made, or result: open",
            )


def validations_passed(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """A validation that failed or is still to be made is worth a look."""
    for entry in _entries(content):
        if entry.result is not Result.PASSED:
            told = "failed" if entry.result is Result.FAILED else "is still open"
            yield Problem(
                entry.place,
                f"$.{entry.name}.result",
                "validation-not-passed",
                f"the validation {told}",
                "mend the value or its evidence, validate it, then write result: passed",
                severity=Severity.WARNING,
            )


def entries_prove_something(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """An entry covers data points, or a value names it."""
    named = {item.element.evidence for item in stated(content)}
    for entry in _entries(content):
        if not entry.covers and entry.name not in named and not content.unseen:
            yield Problem(
                entry.place,
                f"$.{entry.name}",
                "unused-evidence",
                "nothing rests on this entry",
                "list what it covers, or remove it",
                severity=Severity.WARNING,
            )


def values_have_evidence(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Values without evidence are told once a model; `cellfolio evidence` lists them all."""
    register = content.evidence
    if register is None:
        return
    rows = [
        row for row in evidence_rows(content.model, content.restricted, register) if row.element
    ]
    without = list(dict.fromkeys(row.point.key for row in rows if row.entry is None))
    if without:
        more = ", …" if len(without) > _MOST_NAMED else ""
        count = sum(row.entry is None for row in rows)
        yield Problem(
            register.place,
            "$",
            "missing-evidence",
            f"{count} of {len(rows)} values have no evidence:"
            f" {', '.join(without[:_MOST_NAMED])}{more}",
            f"cover them in {register.place.file}; `cellfolio evidence` lists them all",
            severity=Severity.WARNING,
        )


def release_gate(content: ModelContent) -> tuple[Problem, ...]:
    """What stands against printing labels of a model or deploying it, each as an error.

    A value without evidence that passed, and a scope that nobody reviewed; empty when there is
    nothing. Whether content is right otherwise is for the checks.
    """
    register = content.evidence
    if register is None:
        return ()
    rows = evidence_rows(content.model, content.restricted, register)
    refused = tuple(_refusal(row, content) for row in rows if not _has_passed(row.entry))
    return (*_unreviewed(content), *refused)


def _unreviewed(content: ModelContent) -> Iterator[Problem]:
    model = content.model
    if not model.scope.reviewer or model.scope.reviewed_on is None:
        yield Problem(
            model.scope.place or model.place,
            "$.scope",
            "unreviewed-scope",
            "nobody has reviewed this scope decision",
            "let a second person judge it before release",
            clause="Art. 77(1)",
        )


def _refusal(row: EvidenceRow, content: ModelContent) -> Problem:
    entry = row.entry
    if entry is None:
        told = "has no evidence"
    elif entry.result is Result.FAILED:
        told = f"rests on {entry.name}, whose validation failed"
    else:
        told = f"rests on {entry.name}, which is not validated yet"
    return Problem(
        _place(row, content),
        f"$.{row.point.key}",
        "unproven-value",
        f"{row.point.key} {told}",
        "have the evidence registered and validated before release",
        clause=row.point.clause,
    )


def _place(row: EvidenceRow, content: ModelContent) -> Place:
    if row.element is not None:
        return row.element.place
    return row.entry.place if row.entry else content.model.place


def _has_passed(entry: EvidenceEntry | None) -> bool:
    return entry is not None and entry.result is Result.PASSED


def _entries(content: ModelContent) -> tuple[EvidenceEntry, ...]:
    return content.evidence.entries if content.evidence else ()
