"""Events from outside: an authorised party signs them, and tells only what it may."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.content.check import check
from passport.did.key import did_key, did_key_method
from passport.encoding.canonical import Json
from passport.signing.keys import KeyId, Purpose, demo_signer
from passport.signing.proof import sign
from tests.eventful_project import DAY, event, life, rules
from tests.small_project import write

SIGNER = demo_signer(KeyId(Purpose.ISSUING, 7))
WORKSHOP = did_key(SIGNER.public_key)


def signed(project: Path, subject: dict[str, Json], time: str = "2027-04-02T10:00:00Z") -> Path:
    document: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "BatteryEvent"],
        "issuer": WORKSHOP,
        "credentialSubject": subject,
    }
    proven = sign(
        document,
        SIGNER,
        created=datetime.fromisoformat(time).astimezone(UTC),
        verification_method=did_key_method(SIGNER.public_key),
    )
    return write(project, "content/events/signed/repair-1.json", json.dumps(proven))


def authorise(project: Path, since: str = "2027-01-01", did: str = WORKSHOP) -> None:
    path = project / "content/operators/maker.yaml"
    entry = f"  - {{did: '{did}', evidence: AUT-1, valid_from: {since}}}\n"
    path.write_text(f"{path.read_text()}authorised:\n{entry}", encoding="utf-8")


def test_an_authorised_party_signs_events(site: Path) -> None:
    authorise(site)
    signed(site, event("repair", parts=["wiring"]))
    assert rules(site) == []
    assert [each.signed_by for each in life(site).condition.history] == [WORKSHOP]


@pytest.mark.parametrize(
    ("subject", "since", "rule"),
    [
        (event("repair"), "", "party-not-authorised"),
        (event("repair"), "2027-04-03", "party-not-authorised"),
        (event("recycled", evidence="R"), "2027-01-01", "not-theirs-to-tell"),
        (event("repair", "2027-04-03"), "2027-01-01", "signed-before"),
        (event("repair", note="hot"), "2027-01-01", "personal-data"),
        (event("repair", "2027-02-01"), "2027-01-01", "before-placing"),
    ],
)
def test_a_party_tells_only_what_it_may(
    site: Path, subject: dict[str, Json], since: str, rule: str
) -> None:
    if since:
        authorise(site, since)
    signed(site, subject)
    assert rules(site) == [rule]


def test_a_changed_credential_does_not_verify(site: Path) -> None:
    authorise(site)
    path = signed(site, event("repair", parts=["wiring"]))
    path.write_text(path.read_text().replace("wiring", "cooling"))
    assert rules(site) == ["signed-event"]
    path.write_text("{}")
    assert rules(site) == ["signed-event"]


def test_only_a_did_key_is_authorised(site: Path) -> None:
    authorise(site, did="did:web:shop.example")
    problems = [e for e in check(site, DAY).problems if e.place.file.endswith("maker.yaml")]
    assert [(each.rule, each.path) for each in problems] == [
        ("value-format", "$.authorised[0].did")
    ]
