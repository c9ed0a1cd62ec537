"""Role credentials: A20, what another issuer, holder, time or status list makes of them."""

from datetime import date, timedelta

import pytest

from broker.role_credential import Presented, verify_role
from passport.access import Actor, Period
from passport.access_bundle import Bundle
from passport.canonical import canonical_json
from passport.did_key import did_key
from passport.errors import VerificationError
from passport.strict_json import parse_object
from passport.timestamp import time_text
from tests.broker_bundles import ROLE_ISSUER, bundle, trusted
from tests.broker_tokens import NOW, Members, public_of, seed_of
from tests.role_credentials import HOLDER, INDEX, LIST_URL, role, status_list

OTHER = seed_of("another issuer")
LIST = status_list()


def error(
    credential: bytes, stapled: bytes = LIST, trusting: Bundle | None = None, key: bytes = HOLDER
) -> str:
    with pytest.raises(VerificationError) as caught:
        verify_role(
            Presented(credential, stapled), trusting or bundle(), key=public_of(key), now=NOW
        )
    return caught.value.check


def test_a_role_credential_says_who_holds_which_role() -> None:
    holder = verify_role(Presented(role(), LIST), bundle(), key=public_of(HOLDER), now=NOW)
    assert holder.client == did_key(public_of(HOLDER))
    assert holder.role_issuer == did_key(public_of(ROLE_ISSUER))
    assert (holder.organisation, holder.actors) == ("Zerlegebetrieb Süd", (Actor.RECYCLER,))


def test_a20_an_issuer_that_nobody_trusts_is_refused() -> None:
    assert error(role(seed=OTHER)) == "issuer/issuer"
    assert error(role(), trusting=bundle(issuers=())) == "issuer/issuer"


def test_a20_a_trusted_name_over_another_key_is_refused() -> None:
    assert error(role({"issuer": did_key(public_of(ROLE_ISSUER))}, seed=OTHER)) == "issuer"


def test_a20_trust_ends_with_its_period() -> None:
    ended = trusted(period=Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert error(role(), trusting=bundle(issuers=(ended,))) == "issuer"


@pytest.mark.parametrize(
    ("actors", "check"),
    [
        (["recycler", "commission"], "issuer"),
        (["purchaser"], "issuer"),
        ([], "issuer"),
        (None, "issuer"),
        (["king"], "form"),
        (["recycler", "recycler"], "form"),
        ("recycler", "form"),
        (["Recycler"], "form"),
    ],
)
def test_a20_an_issuer_gives_no_role_beyond_its_own(actors: list[str] | None, check: str) -> None:
    assert error(role(subject={"actors": actors})) == check


def test_a20_a_stolen_credential_is_worth_nothing_without_its_key() -> None:
    assert error(role(), key=OTHER) == "holder"
    assert error(role(subject={"id": "did:web:id.example.com"})) == "holder"


@pytest.mark.parametrize(
    "changes",
    [
        {"validFrom": time_text(NOW + timedelta(seconds=1))},
        {"validUntil": time_text(NOW)},
        {"validUntil": None},
        {"validUntil": "2027-12-31"},
    ],
)
def test_a20_a_credential_holds_in_its_time_only(changes: Members) -> None:
    assert error(role(changes)) == "validity"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["VerifiableCredential"]},
        {"type": ["VerifiableCredential", "BatteryPassport"]},
        {"@context": ["https://example.org/ctx"]},
        {"termsOfUse": []},
        {"credentialSubject": "x"},
        {"credentialSubject": {"id": "x", "organisation": "y", "actors": [], "products": []}},
    ],
)
def test_a20_another_credential_is_refused(changes: Members) -> None:
    assert error(role(changes)) == "form"


@pytest.mark.parametrize("name", [None, "", "a\nb", "x" * 201, 1])
def test_a20_an_organisation_has_a_name_that_can_be_printed(name: str | None) -> None:
    assert error(role(subject={"organisation": name})) == "form"


def test_a20_every_change_of_a_signed_credential_shows() -> None:
    document = parse_object(role())
    for name in ("validUntil", "validFrom"):
        text = time_text(NOW + timedelta(days=400 if name == "validUntil" else -400))
        assert error(canonical_json({**document, name: text})) == "signature"


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"x" * 20_000, b'{"a":1,"a":1}', b"\xff"])
def test_a20_what_is_no_json_object_is_refused(content: bytes) -> None:
    assert error(content) == "json/json"


def test_a20_a_withdrawn_credential_is_refused() -> None:
    assert error(role(), status_list(withdrawn=(INDEX,))) == "status"
    stands = Presented(role(), status_list(withdrawn=(INDEX - 1, INDEX + 1)))
    assert verify_role(stands, bundle(), key=public_of(HOLDER), now=NOW)


@pytest.mark.parametrize(
    "stapled",
    [
        b"",
        b"{}",
        status_list(seed=OTHER),
        status_list({"id": f"{LIST_URL}8"}),
        status_list({"validUntil": time_text(NOW)}),
        status_list({"validFrom": time_text(NOW + timedelta(seconds=1))}),
        status_list({"validUntil": None}),
        status_list(created=timedelta(days=-8)),
        status_list(created=timedelta(minutes=2)),
        status_list({"type": ["VerifiableCredential"]}),
        status_list({"credentialSubject": {"type": "BitstringStatusList"}}),
        status_list({"more": 1}),
        b" " * 50_000,
    ],
    ids=lambda stapled: None,
)
def test_a20_an_old_foreign_or_broken_list_is_refused(stapled: bytes) -> None:
    assert error(role(), stapled).startswith("status/list")


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "x",
        {},
        {"type": "BitstringStatusListEntry"},
        {
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": "1",
            "statusListCredential": LIST_URL,
        },
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "suspension",
            "statusListIndex": "1",
            "statusListCredential": LIST_URL,
        },
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "131072",
            "statusListCredential": LIST_URL,
        },
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "-1",
            "statusListCredential": LIST_URL,
        },
    ],
)
def test_a20_a_credential_that_can_not_be_withdrawn_is_refused(entry: Members | None) -> None:
    assert error(role({"credentialStatus": entry})) == "status"
