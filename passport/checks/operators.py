"""Operators: who may be what, from when to when, and where to reach them (requirements 2).

A role is held on the day that content is judged on, with something that proves it.
"""

import re
from collections.abc import Iterator

from passport.checks.context import CheckContext, ModelContent
from passport.countries import COUNTRY_CODES, INSTEAD_OF
from passport.model import EconomicOperator
from passport.problems import Problem, Severity

MAKERS = ("manufacturer", "own-brand-operator", "second-life-operator")
"""Who may stand on the label: the maker, or whoever the Regulation treats as one."""
PLACERS = (*MAKERS, "importer")
"""Who may place batteries on the market."""
AUTHORISED = ("authorised-operator",)
"""Who may issue passports for another operator: with its written authorisation (Art. 77(4))."""

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def manufacturers_make(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """The manufacturer on the label holds a role that makes it one."""
    yield from _has_role("manufacturer", content.model.manufacturer, MAKERS, content, context)


def responsible_operators_place(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """The operator who places a model on the market holds a role for that."""
    model = content.model
    if model.operator != model.manufacturer:
        yield from _has_role("operator", model.operator, PLACERS, content, context)


def issuer_is_authorised(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Passports of a model are issued by its responsible operator, or by one it authorised."""
    issuer = context.operators.get(context.issuer)
    operator = context.operators.get(content.model.operator)
    if issuer is None or operator is None or operator is issuer:
        return
    if not issuer.holds(AUTHORISED, context.as_of):
        yield Problem(
            content.model.place,
            "$.operator",
            "issuer-not-authorised",
            f"{issuer.slug} issues the passports of {operator.slug}, "
            "but is not recorded as authorised to",
            f"add the role authorised-operator with its evidence to {issuer.place.file}, "
            "or build this model in a project of its own",
            clause="Art. 77(4)",
        )


def issuer_exists(context: CheckContext) -> Iterator[Problem]:
    """The issuer that the settings name is one of the operators."""
    if context.issuer not in context.operators:
        yield Problem(
            context.issuer_place,
            "issuer",
            "unknown-operator",
            f"there is no operator {context.issuer!r}",
            f"add content/operators/{context.issuer}.yaml, or name one of "
            f"{', '.join(context.operators) or 'none yet'}",
        )


def roles_are_proven(operator: EconomicOperator, _: CheckContext) -> Iterator[Problem]:
    """A role has evidence, and ends after it began."""
    for index, role in enumerate(operator.roles):
        path = f"$.roles[{index}]"
        if role.valid_until and role.valid_until < role.valid_from:
            yield Problem(
                operator.place,
                f"{path}.valid_until",
                "role-dates",
                f"{role.valid_until} is before valid_from of {role.valid_from}",
                "mend the wrong one",
            )
        if not role.evidence:
            yield Problem(
                operator.place,
                path,
                "role-evidence",
                f"nothing proves the role {role.role}",
                "add evidence: contract, authorisation or registration, with its date",
                severity=Severity.WARNING,
            )


def names_fit_addresses(operator: EconomicOperator, _: CheckContext) -> Iterator[Problem]:
    """An operator's file gives its page its address, which never changes (DESIGN 4)."""
    if not _SLUG.fullmatch(operator.slug):
        yield Problem(
            operator.place,
            "$",
            "file-name",
            f"{operator.slug!r} can't be part of an address",
            "rename the file: small letters, digits and single hyphens, as in acme-batteries.yaml",
        )


def countries_exist(operator: EconomicOperator, _: CheckContext) -> Iterator[Problem]:
    """Countries of the address and of plants are codes of ISO 3166-1."""
    places = [("$.address.country", operator.address.country)]
    places += [(f"$.plants.{plant.slug}.country", plant.country) for plant in operator.plants]
    for path, code in places:
        if code and code not in COUNTRY_CODES:
            yield Problem(
                operator.place,
                path,
                "country-code",
                f"{code!r} is not a country code of ISO 3166-1",
                _country_remedy(code),
                clause="Annex VI A (1), (3)",
            )


def operators_can_be_reached(operator: EconomicOperator, _: CheckContext) -> Iterator[Problem]:
    """An operator with a website or an e-mail address says so (Art. 38(7))."""
    if not operator.web and not operator.email:
        yield Problem(
            operator.place,
            "$",
            "no-contact",
            "there is neither web nor email",
            "add the one that the operator has",
            clause="Art. 38(7)",
            severity=Severity.WARNING,
        )


def _has_role(
    member: str, slug: str, fitting: tuple[str, ...], content: ModelContent, context: CheckContext
) -> Iterator[Problem]:
    operator = context.operators.get(slug)
    if operator is None or operator.holds(fitting, context.as_of):
        return
    yield Problem(
        content.model.place,
        f"$.{member}",
        "role-not-held",
        f"{slug} is not recorded as {', '.join(fitting[:-1])} or {fitting[-1]} on {context.as_of}",
        f"mend the roles in {operator.place.file}, or name another operator",
        clause="Annex VI A (1)" if member == "manufacturer" else "Art. 77(4)",
    )


def _country_remedy(code: str) -> str:
    known = INSTEAD_OF.get(code.upper(), code.upper())
    if known in COUNTRY_CODES:
        return f"write {known}"
    return "write its two capitals, as in DE"
