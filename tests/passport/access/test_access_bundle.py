"""A bundle comes back as it was signed, and anything else is refused by the check that it fails."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from passport.access.bundle import Bundle, bundle_digest, sign_bundle, verify_bundle
from passport.access.client import ClientStatus
from passport.access.policy import parse_policy, published_policy
from passport.access.refusal import GroupRefusal, KeyRefusal, PassportRefusal, Refusals, SaltRefusal
from passport.access.rule import Period, Purpose, Rule
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.multibase import base58_multibase
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.log.entry import EntryType, LogEntry
from passport.registry import Group
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import public_jwk
from passport.signing.keys import SeedSigner, demo_secret
from tests import access
from tests.access import BATTERY, ITEM, KEY, MODEL, NOW, SIGNER, client, holding, policy, rule

PINNED = SIGNER.public_key
REFUSALS = (
    PassportRefusal(BATTERY),
    GroupRefusal(MODEL, Group.INTEREST_MODEL, 3),
    SaltRefusal(ITEM.salt),
    KeyRefusal(KEY),
)
FULL = access.bundle(
    policy=policy(
        rule(),
        rule(id="not-followed", adopted=False, period=Period(date(2027, 1, 1), date(2028, 1, 1))),
        supersedes="2026-10-01.2",
        refusals=REFUSALS,
    ),
    clients=(
        client(),
        client("funkmast-betrieb", actors=(), holdings=(holding(BATTERY, MODEL),)),
        client("zellwerk", status=ClientStatus.SUSPENDED, age=f"age1{'q' * 58}"),
    ),
)


def without_persons(bundle: Bundle) -> Bundle:
    def bare(each: Rule) -> Rule:
        return replace(each, review=replace(each.review, approver=""))

    rules = tuple(map(bare, bundle.policy.rules))
    return replace(bundle, policy=replace(bundle.policy, rules=rules))


def failed(content: bytes, pinned: PublicKey = PINNED, now: datetime = NOW, seq: int = 0) -> str:
    with pytest.raises(VerificationError) as caught:
        verify_bundle(content, pinned, now, least_seq=seq)
    return caught.value.check


def signed(members: JsonObject, signer: SeedSigner) -> bytes:
    # As docs/formats.md has it, not as the code does.
    digest = hashlib.sha256(canonical_json(members)).digest()
    signature = base58_multibase(signer.sign(b"cellfolio/bundle/v1\0" + digest))
    return canonical_json({**members, "signature": signature})


def test_a_bundle_comes_back_as_it_was_signed_but_for_persons() -> None:
    assert verify_bundle(sign_bundle(FULL, SIGNER), PINNED, NOW) == without_persons(FULL)
    assert sign_bundle(FULL, SIGNER) == sign_bundle(FULL, SIGNER)


def test_the_first_bundle_has_the_number_1_and_the_format_of_its_page() -> None:
    content = sign_bundle(replace(FULL, seq=1), SIGNER)
    assert verify_bundle(content, PINNED, NOW).seq == 1
    assert parse_object(content)["format"] == "cellfolio-bundle-v1"


def test_what_was_refused_decides_in_the_bundle_s_policy() -> None:
    bundle = verify_bundle(sign_bundle(FULL, SIGNER), PINNED, NOW)
    assert bundle.refusals == REFUSALS
    assert bundle.policy.refusals.cover(ITEM)


def test_no_person_is_in_it() -> None:
    assert b"Ada" not in sign_bundle(FULL, SIGNER)


def test_its_digest_is_an_entry_of_the_log() -> None:
    content = sign_bundle(FULL, SIGNER)
    entry = LogEntry.of_bytes(EntryType.BUNDLE, content)
    assert entry == LogEntry(EntryType.BUNDLE, bundle_digest(content))


def test_another_key_is_refused() -> None:
    content = sign_bundle(FULL, SIGNER)
    other = SeedSigner(demo_secret("attacker"))
    assert failed(content, other.public_key) == "bundle/signature"
    assert failed(sign_bundle(FULL, other)) == "bundle/signature"


def test_every_altered_byte_is_refused() -> None:
    content = sign_bundle(access.bundle(), SIGNER)
    step = max(1, len(content) // 200)
    for position in range(0, len(content), step):
        altered = bytearray(content)
        altered[position] ^= 1
        assert failed(bytes(altered)).startswith("bundle/")


def test_other_spellings_of_the_same_members_are_refused() -> None:
    content = sign_bundle(FULL, SIGNER)
    assert failed(content + b"\n") == "bundle/json"
    assert failed(content.replace(b'"seq":7', b'"seq": 7')) == "bundle/json"
    assert failed(content[:-1]).startswith("bundle/json")


def test_an_older_bundle_is_refused_and_the_same_one_read_again() -> None:
    content = sign_bundle(FULL, SIGNER)
    assert failed(content, seq=8) == "bundle/seq"
    assert verify_bundle(content, PINNED, NOW, least_seq=7).seq == 7


@pytest.mark.parametrize(
    ("now", "is_in_force"),
    [
        (NOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + timedelta(days=30) - timedelta(seconds=1), True),
        (NOW + timedelta(days=30), False),
    ],
)
def test_a_bundle_is_in_force_from_its_first_second_until_its_last(
    now: datetime, *, is_in_force: bool
) -> None:
    content = sign_bundle(FULL, SIGNER)
    assert FULL.is_in_force(now) is is_in_force
    if is_in_force:
        assert verify_bundle(content, PINNED, now).seq == 7
    else:
        assert failed(content, now=now) == "bundle/validity"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "cellfolio-bundle-v2"),
        ("more", 1),
        ("seq", 0),
        ("seq", "7"),
        ("seq", True),
        ("policy", None),
        ("validFrom", "2026-11-22"),
        ("policy.default", "permit"),
        ("policy.format", ""),
        ("policy.rules.0.group", "xiii-5"),
        ("policy.rules.0.actors", ["*"]),
        ("policy.rules.0.actors", ["recycler", "recycler"]),
        ("policy.rules.0.purposes", ["anything"]),
        ("policy.rules.0.effect", "allow"),
        ("policy.rules.0.timeToLiveDays", 0),
        ("policy.rules.0.timeToLiveDays", True),
        ("policy.rules.0.adopted", "true"),
        ("policy.rules.0.approver", "Ada"),
        ("policy.rules.0.review.approver", "Ada"),
        ("policy.rules.0.review.due", "2027-02-30"),
        ("policy.rules.1.id", "battery-dismantling"),
        ("clients.0.id", "funkmast-betrieb"),
        ("clients.0.id", "Über"),
        ("clients.0.status", "fine"),
        ("clients.0.actors", ["purchaser"]),
        ("clients.0.actors", []),
        ("clients.0.age", "age2"),
        ("clients.0.key.d", "secret"),
        ("clients.0.key.crv", "P-256"),
        ("clients.0.key.x", "A" * 43),
        ("clients.0.key.x", public_jwk(client("zellwerk").public_key)["x"]),
        ("clients.0.validUntil", "2020-01-01"),
        ("clients.1.holdings.0.actor", "recycler"),
        ("clients.1.holdings.0.products", ["01_1"]),
        ("issuers.0.actors", ["mandated-party"]),
        ("issuers.0.keys", []),
        ("issuers.0.keys.0.id", "did:web:other.example#key-1"),
        ("issuers", [access.issuer().to_json()] * 2),
        ("refusals.0", {}),
        ("refusals.0", "all"),
        ("refusals.0", {"passport": str(BATTERY), "group": "xiii-4"}),
        ("refusals.0", {"passport": str(BATTERY), "salt": "AAAAAAAAAAAAAAAAAAAAAA"}),
        ("refusals.0", {"passport": str(BATTERY), "group": "xiii-1", "before_version": 2}),
        ("refusals.0", {"passport": str(BATTERY), "group": "xiii-4", "before_version": 0}),
        ("refusals.0", {"passport": str(BATTERY), "group": "xiii-4", "before_version": True}),
        ("refusals.0", {"salt": "AAAA"}),
        ("refusals.0", {"key": "xiii-1/2026a/aaaaaaaaaaaaaaaa"}),
    ],
    ids=str,
)
def test_a_signed_bundle_of_another_form_is_refused(path: str, value: Json) -> None:
    members: Any = json.loads(sign_bundle(FULL, SIGNER))
    del members["signature"]
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    part = members
    for step in steps:
        part = part[step]
    part[last] = value
    assert failed(signed(members, SIGNER)).split("/")[:2] == ["bundle", "form"]


def test_the_same_members_signed_by_hand_are_accepted() -> None:
    content = sign_bundle(FULL, SIGNER)
    members = parse_object(content)
    unsigned = {name: value for name, value in members.items() if name != "signature"}
    assert signed(unsigned, SIGNER) == content


def test_a_bundle_that_ends_before_it_begins_is_not_signed() -> None:
    with pytest.raises(ValueError, match="ends before"):
        sign_bundle(replace(FULL, valid_until=NOW), SIGNER)
    with pytest.raises(ValueError, match="number"):
        sign_bundle(replace(FULL, seq=0), SIGNER)


def test_clients_and_issuers_are_found_by_name_or_not_at_all() -> None:
    assert FULL.client("hafenkreis").organisation == "Hafenkreis Recycling GmbH"
    assert FULL.issuer("did:web:roles.example").name == "Verband"
    with pytest.raises(VerificationError, match="is no client"):
        FULL.client("nobody")
    with pytest.raises(VerificationError, match="no trusted issuer"):
        FULL.issuer("did:web:other.example")


@pytest.mark.parametrize(
    ("name", "day", "is_live"),
    [
        ("hafenkreis", date(2026, 11, 1), True),
        ("hafenkreis", date(2026, 10, 31), False),
        ("hafenkreis", date(2031, 10, 31), True),
        ("hafenkreis", date(2031, 11, 1), False),
        ("zellwerk", date(2026, 11, 22), False),
    ],
)
def test_a_client_asks_while_it_is_active_and_on_its_days(
    name: str, day: date, *, is_live: bool
) -> None:
    found = FULL.client(name)
    assert found.is_live(day) is is_live
    if is_live:
        assert found.subject(day).client == name
    else:
        with pytest.raises(VerificationError, match="not entitled to ask"):
            found.subject(day)


def test_the_published_policy_is_read_back_without_approvers() -> None:
    read = parse_policy(published_policy(FULL.policy), Refusals(REFUSALS))
    assert read == without_persons(FULL).policy
    assert read.rules[0].purposes == (Purpose.DISMANTLING,)


def test_times_are_whole_seconds_of_utc() -> None:
    members = parse_object(sign_bundle(FULL, SIGNER))
    assert members["validFrom"] == "2026-11-22T09:30:00Z"
    assert verify_bundle(sign_bundle(FULL, SIGNER), PINNED, NOW).valid_from.tzinfo is UTC
