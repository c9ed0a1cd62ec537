"""Operators: `content/operators/<slug>.yaml` becomes `EconomicOperator`.

Knows the members of that file, not who is responsible for what: roles are judged by checks.
"""

from collections.abc import Iterator

from generator.content.yaml.members import Members
from passport.did.key import did_key, parse_did_key
from passport.errors import ValueFormatError, VerificationError
from passport.model import Address, AuthorisedParty, EconomicOperator, OperatorRole, Plant
from passport.values import parse_email, parse_link


def read_operator(slug: str, members: Members) -> EconomicOperator:
    """Read one operator; what is wrong is noted and left empty."""
    name = members.string("name", required=True)
    web = members.parse("web", parse_link)
    return EconomicOperator(
        slug=slug,
        name=name,
        trade_name=members.string("trade_name") or name,
        identifier=members.string("identifier", required=True),
        address=_address(members.members("address", required=True)),
        web=web.uri if web else "",
        email=members.parse("email", parse_email) or "",
        roles=tuple(_roles(members)),
        plants=tuple(_plant(key.text, plant) for key, plant in members.each("plants")),
        place=members.mapping.place,
        authorised=tuple(_authorised(members)),
    )


def _authorised(members: Members) -> Iterator[AuthorisedParty]:
    for party in members.items("authorised"):
        did = party.parse("did", _did_key, required=True)
        evidence = party.string("evidence", required=True)
        valid_from = party.date("valid_from", required=True)
        if did and evidence and valid_from:
            yield AuthorisedParty(
                did=did,
                evidence=evidence,
                valid_from=valid_from,
                valid_until=party.date("valid_until"),
            )


def _did_key(text: str) -> str:
    """Read a did:key: the one method whose key needs no document to be fetched or pinned."""
    try:
        return did_key(parse_did_key(text))
    except VerificationError as error:
        remedy = "write the did:key that the party signs with; did:web is not read here"
        raise ValueFormatError(error.message, remedy) from error


def _address(members: Members | None) -> Address:
    if members is None:
        return Address(street="", postal_code="", city="", country="")
    return Address(
        street=members.string("street", required=True),
        postal_code=members.string("postal_code", required=True),
        city=members.string("city", required=True),
        country=members.string("country", required=True),
    )


def _roles(members: Members) -> list[OperatorRole]:
    roles = []
    for role in members.items("roles"):
        valid_from = role.date("valid_from", required=True)
        code = role.code("role", "operator_role", required=True)
        if valid_from and code:
            roles.append(
                OperatorRole(
                    role=code,
                    evidence=role.string("evidence"),
                    valid_from=valid_from,
                    valid_until=role.date("valid_until"),
                )
            )
    return roles


def _plant(slug: str, members: Members) -> Plant:
    return Plant(
        slug=slug,
        name=members.string("name", required=True),
        city=members.string("city", required=True),
        country=members.string("country", required=True),
        facility_id=members.string("facility_id"),
    )
