"""Hosting: who stores passports has a contract, a role and a copy elsewhere (Art. 78)."""

from collections.abc import Iterator
from datetime import date

from passport.checks.context import CheckContext
from passport.hosting import BackUp, Hosting, Operation, Processor
from passport.problems import Place, Problem, Severity

RENEWED_EACH = 366
"""Days after which a mirror or a drill is overdue; ours, the Regulation names no interval."""

_ROLES = {
    "processor": ("processor", "Art. 78(c)"),
    "back_up": ("back-up-provider", "Art. 78(e)"),
}


def hosts_exist(context: CheckContext) -> Iterator[Problem]:
    """Everyone whom the file names is an operator."""
    for place, path, slug in _named(context.hosting):
        if slug and slug not in context.operators:
            yield Problem(
                place,
                path,
                "unknown-operator",
                f"there is no operator {slug!r}",
                f"add content/operators/{slug}.yaml, or name one of {', '.join(context.operators)}",
                clause="Art. 78",
            )


def hosts_hold_their_roles(context: CheckContext) -> Iterator[Problem]:
    """A processor and a back-up provider are recorded as such on the day of the check."""
    for member, part in _parts(context.hosting):
        operator = context.operators.get(part.operator)
        role, clause = _ROLES[member]
        if operator is None or operator.holds((role,), context.as_of):
            continue
        yield Problem(
            part.place,
            f"$.{member}.operator",
            "role-not-held",
            f"{operator.slug} is not recorded as {role} on {context.as_of}",
            f"mend the roles in {operator.place.file}, or name another operator",
            clause=clause,
        )


def processors_may_not_sell(context: CheckContext) -> Iterator[Problem]:
    """A processor has a contract that keeps it from selling and re-using the data (Art. 78(d))."""
    processor = context.hosting.processor if context.hosting else None
    if processor is None:
        return
    if not processor.contract or not processor.no_resale:
        lacks = "a clause against resale and re-use" if processor.contract else "a contract"
        yield Problem(
            processor.place,
            "$.processor",
            "processor-contract",
            f"{processor.operator} stores passports without {lacks}",
            "write contract: its name and date, and no_resale: true once the clause is agreed",
            clause="Art. 78(d)",
            severity=Severity.WARNING,
        )


def another_party_is_authorised(context: CheckContext) -> Iterator[Problem]:
    """Who stores passports for the operator may do so in writing, and the paper is named."""
    hosting = context.hosting
    for index, each in enumerate(hosting.authorisations if hosting else ()):
        path = f"$.authorisations[{index}]"
        if each.valid_until and each.valid_until < each.valid_from:
            message = f"{each.valid_until} is before valid_from of {each.valid_from}"
            yield Problem(each.place, f"{path}.valid_until", "role-dates", message, "mend it")
        if not each.evidence:
            yield Problem(
                each.place,
                path,
                "authorisation-evidence",
                f"nothing proves that {each.party} is authorised",
                "add evidence: the written authorisation, with its date",
                clause="Art. 77(4)",
                severity=Severity.WARNING,
            )
    if hosting is not None:
        yield from _unauthorised(hosting, context)


def copies_are_fresh(context: CheckContext) -> Iterator[Problem]:
    """There is a copy elsewhere, mirrored and tried out within the last year."""
    hosting = context.hosting
    if hosting is None:
        return
    if hosting.back_up is None:
        yield Problem(
            hosting.place,
            "$",
            "no-back-up",
            "no back-up provider is recorded",
            "add back_up with operator, url, last_mirror and last_drill",
            clause="Art. 78(e)",
            severity=Severity.WARNING,
        )
        return
    for member in ("last_mirror", "last_drill"):
        yield from _fresh(member, hosting.back_up, context.as_of)


def _fresh(member: str, back_up: BackUp, as_of: date) -> Iterator[Problem]:
    day: date | None = getattr(back_up, member)
    what = member.removeprefix("last_")
    place, path = back_up.place, f"$.back_up.{member}"
    if day is not None and day > as_of:
        message = f"the {what} of {day.isoformat()} has not happened yet"
        yield Problem(place, path, "future-back-up", message, "write the day on which it was made")
    elif day is None or (as_of - day).days > RENEWED_EACH:
        told = f"the last {what} was on {day.isoformat()}" if day else f"no {what} is recorded"
        yield Problem(
            place,
            path,
            "overdue-back-up",
            told,
            f"make one, then write {member}: with its day",
            clause="Art. 78(e)",
            severity=Severity.WARNING,
        )


def _unauthorised(hosting: Hosting, context: CheckContext) -> Iterator[Problem]:
    storing = (part.operator for _, part in _parts(hosting))
    for slug in dict.fromkeys((hosting.data_host, *storing)):
        mine = [each for each in hosting.authorisations if each.party == slug]
        if slug == context.issuer or any(
            each.covers(Operation.STORE, context.as_of) for each in mine
        ):
            continue
        yield Problem(
            hosting.place,
            "$.authorisations",
            "not-authorised",
            f"{slug} stores passports without a written authorisation on {context.as_of}",
            f"add one with party: {slug} and may: store",
            clause="Art. 77(4)",
            severity=Severity.WARNING,
        )


def _named(hosting: Hosting | None) -> Iterator[tuple[Place, str, str]]:
    if hosting is None:
        return
    yield hosting.place, "$.data_host", hosting.data_host
    for member, part in _parts(hosting):
        yield part.place, f"$.{member}.operator", part.operator
    for index, each in enumerate(hosting.authorisations):
        yield each.place, f"$.authorisations[{index}].party", each.party


def _parts(hosting: Hosting | None) -> Iterator[tuple[str, Processor | BackUp]]:
    if hosting and hosting.processor:
        yield "processor", hosting.processor
    if hosting and hosting.back_up:
        yield "back_up", hosting.back_up
