"""A release: the right keys to the right people, each on record; rows A8, A10, A18 and A19."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broker.access_token import Holder
from broker.audit import pseudonyms
from broker.denials import DenialKind
from broker.problems import Reason, RequestError, problem_json
from passport.access.refusal import GroupRefusal, KeyRefusal, PassportRefusal, SaltRefusal
from passport.access.rule import Actor, Purpose
from passport.did.key import did_key
from passport.encoding.base64url import base64url
from passport.encoding.multibase import digest_multibase
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.registry import Group
from passport.sealing.group_key import GroupKey, SecretMac
from passport.sealing.release import ReleaseAnswer, release_info
from passport.sealing.sealed_header import SealedHeader, content_key
from passport.signing.jwk import jwk_thumbprint
from tests.access import policy
from tests.broker_bundles import ROLE_ISSUER, client
from tests.broker_running import SECRET, body_for
from tests.broker_tokens import NOW, public_of, seed_of
from tests.broker_world import (
    BATTERY,
    KEYS,
    MODEL,
    OTHER_BATTERY,
    World,
    bundle,
    header,
    headers,
    true_key,
    world,
)

UNKNOWN_KEY = GroupKey.of(Group.INTEREST_BATTERY, "2031b", SecretMac(b"?" * 32)).key_id


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("broker")) as found:
        yield found


def test_a_recycler_gets_points_2_and_4_and_not_3(broker: World) -> None:
    asked = (header(Group.INTEREST_MODEL), header(Group.AUTHORITY), header())
    found = broker.ask(*asked)
    assert found.keys == (true_key(asked[0]), None, true_key(asked[2]))
    grant = found.grants[0]
    assert grant is not None
    assert (grant.operations, grant.reuse) == (("view",), "not-determined")
    assert grant.expires == NOW + timedelta(days=30)


def test_an_authority_gets_point_3_and_not_4(broker: World) -> None:
    asked = (header(Group.AUTHORITY), header())
    found = broker.ask(*asked, client="authority", purpose=Purpose.MARKET_SURVEILLANCE)
    assert found.keys == (true_key(asked[0]), None)


def test_a_purchaser_gets_its_own_battery_and_not_its_neighbours(broker: World) -> None:
    asked = (header(passport=OTHER_BATTERY), header(passport=BATTERY))
    found = broker.ask(*asked, client="purchaser", purpose=Purpose.ENERGY_MARKET)
    assert found.keys == (None, true_key(asked[1]))


def test_a_wrong_purpose_gets_nothing(broker: World) -> None:
    assert broker.refusal(purpose=Purpose.ENERGY_MARKET) is Reason.ALL_REFUSED


@pytest.mark.parametrize("name", ["suspended", "expired", "stranger"])
def test_who_may_no_longer_ask_is_not_asked_what_for(broker: World, name: str) -> None:
    before = len(broker.all_records())
    assert broker.refusal(client=name) is Reason.INVALID_TOKEN
    assert len(broker.all_records()) == before


def test_a_role_credentials_holder_has_the_roles_that_its_issuer_may_give(broker: World) -> None:
    holder = Holder(
        client="did:key:holder",
        role_issuer=did_key(public_of(ROLE_ISSUER)),
        organisation="Werkstatt",
        actors=(Actor.RECYCLER, Actor.MARKET_SURVEILLANCE),
    )
    # Rows of these tests ask for a registered key: a role credential alone meets none of them.
    assert broker.refusal(holder=holder) is Reason.ALL_REFUSED
    record = broker.records()[-1]
    assert (record["why"], record["actors"]) == ("authentication", "recycler")


def test_each_header_has_its_record(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        asked = (header(), header(Group.AUTHORITY))
        found = broker.ask(*asked)
        released, refused = broker.records()
    assert [each["decision"] for each in (released, refused)] == ["released", "refused"]
    assert [each["release"] for each in (released, refused)] == [found.answer.id] * 2
    assert released["passport"] == str(BATTERY)
    assert released["header"] == digest_multibase(asked[0].canonical())
    assert (released["rule"], released["why"]) == ("recycler-xiii-4", "permitted")
    assert (refused["rule"], refused["why"]) == ("", "no-rule")
    assert (released["purpose"], released["operation"]) == ("dismantling", "view")
    assert (released["organisation"], released["bundle"]) == ("recycler Ltd", 1)
    assert base64url(asked[0].salt) not in json.dumps([released, refused])


def test_a_record_tells_all_of_this(tmp_path: Path) -> None:
    asked = header(Group.INTEREST_MODEL, version=0, resource="doc/3")
    both = client("recycler", Actor.RECYCLER, Actor.REPAIRER)
    jkt = jwk_thumbprint(public_of(seed_of("dpop recycler")))
    with world(tmp_path, bundle(clients=(both,))) as broker:
        found = broker.ask(asked)
        broker.deny(DenialKind.PASSPORT, str(MODEL))
        assert broker.refusal(asked) is Reason.ALL_REFUSED
        with broker.store.reading() as transaction:
            who = pseudonyms(transaction, "recycler", "recycler", jkt)
        record, denied = broker.records()
    assert record == {
        "v": 1,
        "number": 1,
        "time": "2027-03-01T09:30:00Z",
        "event": "release",
        "previous": record["previous"],
        "release": found.answer.id,
        "client": who[0],
        "jkt": who[1],
        "organisation": "recycler Ltd",
        "actors": "recycler repairer",
        "purpose": "dismantling",
        "operation": "view",
        "bundle": 1,
        "policy": "2026-11-01.1",
        "decision": "released",
        "why": "permitted",
        "rule": "recycler-xiii-2",
        "passport": "01_09506000134352",
        "group": "xiii-2",
        "version": 0,
        "resource": "doc/3",
        "key": str(asked.key),
        "header": digest_multibase(asked.canonical()),
    }
    changed = {"number", "previous", "release", "decision", "why", "rule"}
    assert {name for name in record if record[name] != denied[name]} == changed
    assert (denied["why"], denied["rule"]) == ("denial", "")


def test_an_answer_opens_only_for_its_request(broker: World) -> None:
    body = body_for(header())
    answer = ReleaseAnswer.parse(asyncio.run(broker.body(body)))
    other = body.replace(b"dismantling", b"safety")
    assert SECRET.open(answer.sealed, info=release_info(body, answer)) == true_key(header())
    grant = answer.grants[0]
    assert grant is not None
    lengthened = replace(answer, grants=(replace(grant, expires=NOW + timedelta(days=900)),))
    for info in (release_info(other, answer), release_info(body, lengthened)):
        with pytest.raises(VerificationError, match="not sealed to this key"):
            SECRET.open(answer.sealed, info=info)


def test_a_hundred_at_once(broker: World) -> None:
    asked = headers(100)
    assert broker.ask(*asked).keys == tuple(map(true_key, asked))


# A8: a key or a header that belongs elsewhere


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"salt": b"fedcba9876543210"},
        {"passport": OTHER_BATTERY},
    ],
)
def test_a8_a_lie_in_the_header_yields_another_key(
    broker: World, changes: dict[str, object]
) -> None:
    lie = header(**changes)  # type: ignore[arg-type]
    (key,) = broker.ask(lie).keys
    assert key == true_key(lie) != true_key(header())


def test_a8_a_key_of_this_group_that_is_not_held_is_refused(broker: World) -> None:
    assert broker.refusal(header(key=UNKNOWN_KEY)) is Reason.ALL_REFUSED
    assert broker.records()[-1]["why"] == "no-key"


# A10: keys that HPKE must not seal to


@pytest.mark.parametrize(
    "raw", [bytes(32), b"\1" + bytes(31), b"\xff" * 32, bytes(31), bytes(33), b""]
)
def test_a10_a_bad_key_to_answer_to_is_refused_without_a_record(broker: World, raw: bytes) -> None:
    before = len(broker.all_records())
    mine = base64url(SECRET.public.raw).encode()
    body = body_for(header()).replace(mine, base64url(raw).encode())
    with pytest.raises(RequestError) as caught:
        asyncio.run(broker.body(body))
    assert caught.value.reason is Reason.BAD_EPK
    assert len(broker.all_records()) == before


# A19: nothing tells why


def test_a19_every_refusal_looks_alike(tmp_path: Path) -> None:
    asked, energy = header(), Purpose.ENERGY_MARKET
    refusals = (
        PassportRefusal(BATTERY),
        GroupRefusal(BATTERY, Group.INTEREST_BATTERY, 2),
        SaltRefusal(asked.salt),
        KeyRefusal(asked.key),
    )
    with world(tmp_path) as broker:

        def seen(item: SealedHeader = asked, **how: object) -> str:
            with pytest.raises(RequestError) as caught:
                broker.ask(item, **how)
            return json.dumps(problem_json(caught.value))

        answers = set()
        for seq, refusal in enumerate(refusals, 2):
            broker.use(bundle(seq, policy=policy(*bundle().policy.rules, refusals=(refusal,))))
            answers.add(seen())
        broker.use(bundle(9))
        answers |= {seen(header(key=UNKNOWN_KEY)), seen(purpose=energy)}
        answers.add(seen(header(passport=OTHER_BATTERY), purpose=energy, client="purchaser"))
        broker.deny(DenialKind.PASSPORT, str(BATTERY))
        answers.add(seen())
        reasons = [each["why"] for each in broker.records()]
    assert reasons == ["withdrawn"] * 4 + ["no-key", "no-rule", "other-product", "denial"]
    assert len(answers) == 1


def test_a19_among_released_ones_too(broker: World) -> None:
    unknown, foreign = header(key=UNKNOWN_KEY), header(Group.AUTHORITY)
    sizes = set()
    for refused in (unknown, foreign):
        answer = broker.ask(header(), refused).answer
        members = json.loads(answer.to_bytes())
        assert members["items"][1] == {"status": "refused"}
        sizes.add(len(answer.to_bytes()))
    assert len(sizes) == 1


def test_a18_a_refused_key_costs_the_same_work(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        counted = {key: _Counted(mac) for key, mac in KEYS.items()}
        broker.keys.update(counted)
        broker.use(bundle(2))
        counter = counted[header().key]
        broker.ask(header())
        released = counter.count
        assert broker.refusal(purpose=Purpose.ENERGY_MARKET) is Reason.ALL_REFUSED
        assert released == counter.count - released == 1


def test_a18_a_refusal_waits_for_its_beat_and_a_release_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broker.release.BEAT_SECONDS", 2.0)
    with world(tmp_path) as broker:
        for asked, waits in (
            ((header(),), False),
            ((header(Group.AUTHORITY),), True),
            ((header(salt=b"one more salt..."), header(Group.AUTHORITY)), True),
        ):
            started = time.monotonic()
            if waits and len(asked) == 1:
                assert broker.refusal(*asked) is Reason.ALL_REFUSED
            else:
                broker.ask(*asked)
            assert (time.monotonic() - started >= 1.9) is waits


def test_keys_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.ask(*headers(3), header(Group.AUTHORITY))
        text = broker.metrics.to_bytes()
    assert b'cellfolio_keys_total{outcome="released"} 3.0' in text
    assert b'cellfolio_keys_total{outcome="refused"} 1.0' in text


class _Counted:
    def __init__(self, mac: object) -> None:
        self._mac = mac
        self.count = 0

    def mac(self, message: bytes) -> bytes:
        self.count += 1
        return self._mac.mac(message)  # type: ignore[attr-defined,no-any-return]


def test_a1_a_proof_is_used_up_by_its_release(broker: World) -> None:
    broker.ask(jti="once")
    before = len(broker.all_records())
    assert broker.refusal(jti="once") is Reason.REPLAYED
    assert len(broker.all_records()) == before


def test_a2_another_key_may_use_the_same_id(broker: World) -> None:
    broker.ask(jti="shared")
    purpose = Purpose.MARKET_SURVEILLANCE
    broker.ask(header(Group.AUTHORITY), jti="shared", client="authority", purpose=purpose)


def test_a_content_key_is_of_the_header_that_was_sent(broker: World) -> None:
    document = header(Group.INTEREST_MODEL, version=0, resource="doc/3")
    (key,) = broker.ask(document).keys
    assert key == content_key(document, KEYS[document.key])


def test_an_own_identifier_may_be_a_batterys(broker: World) -> None:
    asked = header(passport=DppId.parse("id_maker_B-7"))
    assert broker.ask(asked).keys == (true_key(asked),)
