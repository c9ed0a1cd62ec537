"""Role credentials: A20, what another issuer, holder, time or status list makes of them."""

from datetime import date, timedelta

import pytest

from broker.role_credential import Presented, verify_role
from passport.access.bundle import Bundle
from passport.access.client import IssuerMethod
from passport.access.rule import Actor, Period
from passport.did.key import did_key
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.errors import VerificationError
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


ENTRY: Members = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": str(INDEX),
    "statusListCredential": LIST_URL,
}
CONTEXT = "https://www.w3.org/ns/credentials/v2"


def padded(document: bytes, size: int) -> bytes:
    return document + b" " * (size - len(document))


@pytest.mark.parametrize(
    "credential",
    [
        role({"id": "https://roles.example.org/7"}),
        role({"@context": [CONTEXT, "https://roles.example.org/context"]}),
        role({"issuer": {"id": did_key(public_of(ROLE_ISSUER))}}),
        role({"credentialStatus": {**ENTRY, "id": f"{LIST_URL}#{INDEX}"}}),
        role(subject={"organisation": "x" * 200}),
        padded(role(), 16 * 1024),
    ],
    ids=["id", "contexts", "issuer", "entry", "name", "size"],
)
def test_what_other_issuers_write_is_read(credential: bytes) -> None:
    assert verify_role(Presented(credential, LIST), bundle(), key=public_of(HOLDER), now=NOW)


@pytest.mark.parametrize(
    "stapled",
    [
        status_list(subject={"id": f"{LIST_URL}#list", "ttl": 300000}),
        status_list({"@context": [CONTEXT, "https://roles.example.org/context"]}),
        status_list(created=timedelta(days=-7)),
        status_list(created=timedelta(minutes=1)),
        padded(LIST, 48 * 1024),
    ],
    ids=["subject", "contexts", "old", "new", "size"],
)
def test_lists_that_other_issuers_write_are_read(stapled: bytes) -> None:
    assert verify_role(Presented(role(), stapled), bundle(), key=public_of(HOLDER), now=NOW)


def test_a_document_that_is_too_large_is_refused() -> None:
    assert error(padded(role(), 16 * 1024 + 1)) == "json/json"
    assert error(role(), padded(LIST, 48 * 1024 + 1)) == "status/list/json"


WEB = "did:web:roles.example.org"


def test_a20_an_issuer_signs_with_the_keys_in_the_bundle_only() -> None:
    known = IssuerMethod(f"{WEB}#1", public_of(ROLE_ISSUER))
    trusting = bundle(issuers=(trusted(did=WEB, keys=(known,)),))
    by_known = role({"issuer": WEB}, method=f"{WEB}#1")
    stapled = status_list({"issuer": WEB}, method=f"{WEB}#1")
    presented = Presented(by_known, stapled)
    assert verify_role(presented, trusting, key=public_of(HOLDER), now=NOW).role_issuer == WEB
    assert error(role({"issuer": WEB}, method=f"{WEB}#2"), stapled, trusting) == "method"


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
        status_list({"@context": ["https://example.org/ctx"]}),
        status_list({"credentialSubject": {"type": "BitstringStatusList"}}),
        status_list(subject={"statusPurpose": "suspension"}),
        status_list(subject={"type": "List"}),
        status_list(subject={"more": 1}),
        status_list({"more": 1}),
        b" " * 50_000,
    ],
    ids=lambda stapled: None,
)
def test_a20_an_old_foreign_or_broken_list_is_refused(stapled: bytes) -> None:
    assert error(role(), stapled).split("/")[:2] == ["status", "list"]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "x",
        {},
        {"type": "BitstringStatusListEntry"},
        {**ENTRY, "type": "StatusList2021Entry"},
        {**ENTRY, "statusPurpose": "suspension"},
        {**ENTRY, "statusListIndex": "131072"},
        {**ENTRY, "statusListIndex": "-1"},
        {**ENTRY, "statusListIndex": 1},
        {**ENTRY, "more": 1},
    ],
)
def test_a20_a_credential_that_can_not_be_withdrawn_is_refused(entry: Members | None) -> None:
    assert error(role({"credentialStatus": entry})) == "status"
