"""Hosting: `content/hosting.yaml` becomes `Hosting`; a project may do without it at first.

Knows the members of that file; whether they suffice is for checks.
"""

from collections.abc import Iterator
from pathlib import Path

from generator.content.yaml.members import Members, read_members
from passport.errors import ValueFormatError
from passport.hosting import Authorisation, BackUp, Hosting, Operation, Processor
from passport.problems import Findings
from passport.quoting import quoted
from passport.values import parse_link

HOSTING_FILE = "hosting.yaml"


def read_hosting(project: Path, language: str, findings: Findings) -> Hosting | None:
    """Read who stores passports; None without the file, and where it is no mapping."""
    name = f"content/{HOSTING_FILE}"
    members = read_members(project / name, HOSTING_FILE, name, language, findings)
    if members is None:
        return None
    processor, back_up = members.members("processor"), members.members("back_up")
    return Hosting(
        data_host=members.string("data_host", required=True),
        processor=_processor(processor) if processor else None,
        back_up=_back_up(back_up) if back_up else None,
        authorisations=tuple(_authorisations(members)),
        place=members.mapping.place,
    )


def _processor(members: Members) -> Processor:
    return Processor(
        operator=members.string("operator", required=True),
        contract=members.string("contract"),
        no_resale=members.boolean("no_resale"),
        place=members.mapping.place,
    )


def _back_up(members: Members) -> BackUp:
    url = members.parse("url", parse_link, required=True)
    return BackUp(
        operator=members.string("operator", required=True),
        url=url.uri if url else "",
        last_mirror=members.date("last_mirror"),
        last_drill=members.date("last_drill"),
        place=members.mapping.place,
    )


def _authorisations(members: Members) -> Iterator[Authorisation]:
    for part in members.items("authorisations"):
        valid_from = part.date("valid_from", required=True)
        if valid_from is not None:
            yield Authorisation(
                party=part.string("party", required=True),
                operations=part.parse_each("may", _operation, required=True),
                evidence=part.string("evidence"),
                valid_from=valid_from,
                valid_until=part.date("valid_until"),
                place=part.mapping.place,
            )


def _operation(text: str) -> Operation:
    if text not in tuple(Operation):
        raise ValueFormatError(f"{quoted(text)} is not an operation", "write store, update or both")
    return Operation(text)
