"""Taking away at once: what a denial ends, and A11: nothing is released behind it."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from broker.access_token import Holder
from broker.audit_export import notes_of, records_of
from broker.audit_verify import verify_audit_log
from broker.denials import DenialKind, check_target, deny
from broker.problems import Reason, RequestError
from broker.store import Store
from passport.access.bundle import sign_bundle
from passport.access.rule import Actor, AuthenticationMethod, Purpose
from passport.did.key import did_key
from passport.encoding.base64url import base64url
from passport.errors import VerificationError
from passport.registry import Group
from tests.access import RULE, SIGNER, policy
from tests.access import rule as policy_rule
from tests.broker_bundles import CLIENTS, ROLE_ISSUER, client
from tests.broker_tokens import NOW, public_of
from tests.broker_world import AUDIT, BATTERY, World, bundle, header, headers, world

RELEASES = 1000


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (DenialKind.CLIENT, "recycler"),
        (DenialKind.ORGANISATION, "recycler Ltd"),
        (DenialKind.PASSPORT, str(BATTERY)),
        (DenialKind.KEY, str(header().key)),
        (DenialKind.SALT, base64url(header().salt)),
    ],
)
def test_what_is_denied_is_released_no_more(broker: World, kind: DenialKind, target: str) -> None:
    broker.ask()
    broker.deny(kind, target)
    assert broker.refusal() is Reason.ALL_REFUSED
    assert broker.records()[-1]["why"] == "denial"
    other = header(Group.AUTHORITY, salt=b"another salt 123")
    assert broker.ask(other, client="authority", purpose=Purpose.MARKET_SURVEILLANCE).keys[0]


def test_a_denied_issuers_credentials_open_nothing(tmp_path: Path) -> None:
    did = did_key(public_of(ROLE_ISSUER))
    holder = Holder(client="did:key:x", role_issuer=did, organisation="W", actors=(Actor.RECYCLER,))
    methods = frozenset({AuthenticationMethod.ROLE_CREDENTIAL})
    by_role = policy_rule(authentication=replace(RULE.authentication, methods=methods))
    with world(tmp_path, bundle(policy=policy(by_role))) as broker:
        broker.ask(holder=holder)
        broker.deny(DenialKind.ISSUER, did)
        assert broker.refusal(holder=holder) is Reason.ALL_REFUSED


def test_a_denial_is_on_record_and_survives_a_restart_and_a_new_bundle(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.deny(DenialKind.ORGANISATION, "recycler Ltd")
    with world(tmp_path, bundle(2)) as broker:
        assert broker.refusal() is Reason.ALL_REFUSED
        (record,) = broker.records("denial")
        assert (record["kind"], record["target"]) == ("organisation", "recycler Ltd")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (DenialKind.CLIENT, ""),
        (DenialKind.CLIENT, " recycler"),
        (DenialKind.PASSPORT, "T48L2611-0001"),
        (DenialKind.KEY, "xiii-4/2027a"),
        (DenialKind.SALT, "short"),
    ],
)
def test_a_denial_of_what_can_not_be_is_an_error(
    tmp_path: Path, kind: DenialKind, target: str
) -> None:
    with pytest.raises(VerificationError):
        check_target(kind, target)
    store = Store(tmp_path / "broker.db", lambda: NOW)
    with pytest.raises(VerificationError):
        store.do(lambda transaction: deny(transaction, kind, target))
    store.close()


def test_the_kinds_of_denials_are_those_of_the_command() -> None:
    assert [*DenialKind] == ["client", "organisation", "issuer", "passport", "key", "salt"]


def _after(broker: World, event: str) -> list[str]:
    """Return the decisions on record behind the one event of this kind, in order."""
    records = broker.all_records()
    at = max(number for number, each in enumerate(records) if each["event"] == event)
    return [str(each["decision"]) for each in records[at:] if each["event"] == "release"]


async def _racing(broker: World, change: Callable[[], Awaitable[object]]) -> list[bool]:
    """Ask 1,000 times and more from 20 clients at once; half-way the change happens."""
    answers: list[bool] = []
    half, changed = asyncio.Event(), asyncio.Event()

    async def ask() -> None:
        while len(answers) < RELEASES or not changed.is_set():
            answers.append(await _is_released(broker))
            if len(answers) == RELEASES // 2:
                half.set()

    asking = [asyncio.create_task(ask()) for _ in range(20)]
    await half.wait()
    await change()
    changed.set()
    await asyncio.gather(*asking)
    answers.append(await _is_released(broker))
    return answers


def _no_release_follows(broker: World, event: str, change: Callable[[], Awaitable[object]]) -> None:
    released = asyncio.run(_racing(broker, change))
    assert set(_after(broker, event)) == {"refused"}
    on_record = [each["decision"] for each in broker.records()]
    assert on_record.count("released") == released.count(True) >= RELEASES // 2


def test_a11_no_release_follows_a_denial(broker: World) -> None:
    denying = partial(asyncio.to_thread, broker.deny, DenialKind.CLIENT, "recycler")
    _no_release_follows(broker, "denial", denying)


def test_a11_no_release_by_an_older_bundle_follows_a_newer_one(broker: World) -> None:
    fewer = (replace(client("recycler", Actor.RECYCLER), actors=(Actor.REPAIRER,)),)
    newer = sign_bundle(bundle(2, clients=fewer), SIGNER)

    async def swap() -> None:
        (broker.folder / "bundle.json").write_bytes(newer)
        await broker.load()

    _no_release_follows(broker, "bundle", swap)


async def _is_released(broker: World) -> bool:
    try:
        found = await broker.asking()
    except RequestError as error:
        if error.reason in (Reason.ALL_REFUSED, Reason.POLICY_CHANGED):
            return False
        raise
    return found.keys[0] is not None


_NAMES = ("recycler", "authority", "purchaser")
_PURPOSES = (Purpose.DISMANTLING, Purpose.MARKET_SURVEILLANCE, Purpose.ENERGY_MARKET)
_MAY = {
    ("recycler", Purpose.DISMANTLING, Group.INTEREST_MODEL),
    ("recycler", Purpose.DISMANTLING, Group.INTEREST_BATTERY),
    ("authority", Purpose.MARKET_SURVEILLANCE, Group.AUTHORITY),
    ("purchaser", Purpose.ENERGY_MARKET, Group.INTEREST_BATTERY),
}


class OneBroker(RuleBasedStateMachine):
    """A broker against a model of it: sets of who may, who is denied, what was used."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.seq, self.clients = 1, set(_NAMES)
        self.denied: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self.released = 0
        self._open()

    def _open(self) -> None:
        made = None if (self.folder / "bundle.json").exists() else bundle()
        self.context = world(self.folder, made)
        self.broker = self.context.__enter__()

    @rule(
        name=st.sampled_from(_NAMES),
        purpose=st.sampled_from(_PURPOSES),
        group=st.sampled_from([*{group for _, _, group in _MAY}]),
        jti=st.sampled_from("abcdefgh"),
    )
    def ask(self, name: str, purpose: Purpose, group: Group, jti: str) -> None:
        asked = header(group)
        if name not in self.clients:
            expected: Reason | None = Reason.INVALID_TOKEN
        elif (name, jti) in self.used:
            expected = Reason.REPLAYED
        elif (name, purpose, group) not in _MAY or self._is_denied(name, group):
            expected = Reason.ALL_REFUSED
        else:
            expected = None
        if expected is None:
            assert self.broker.ask(asked, client=name, purpose=purpose, jti=jti).keys[0]
            self.released += 1
        else:
            assert self.broker.refusal(asked, client=name, purpose=purpose, jti=jti) is expected
        if name in self.clients:
            self.used.add((name, jti))

    def _is_denied(self, name: str, group: Group) -> bool:
        return bool(self.denied & {name, str(header(group).key)})

    @rule(name=st.sampled_from(_NAMES))
    def deny_client(self, name: str) -> None:
        self.broker.deny(DenialKind.CLIENT, name)
        self.denied.add(name)

    @rule(group=st.sampled_from([*{group for _, _, group in _MAY}]))
    def deny_key(self, group: Group) -> None:
        self.broker.deny(DenialKind.KEY, str(header(group).key))
        self.denied.add(str(header(group).key))

    @rule(names=st.sets(st.sampled_from(_NAMES), min_size=1))
    def newer_bundle(self, names: set[str]) -> None:
        self.seq, self.clients = self.seq + 1, names
        chosen = tuple(each for each in CLIENTS if each.id in names)
        self.broker.use(bundle(self.seq, clients=chosen))

    @rule()
    def older_bundle(self) -> None:
        kept = (self.folder / "bundle.json").read_bytes()
        if self.seq > 1:
            with pytest.raises(VerificationError):
                self.broker.use(bundle(self.seq - 1))
        (self.folder / "bundle.json").write_bytes(kept)

    @rule()
    def restart(self) -> None:
        self.context.__exit__(None, None, None)
        self._open()

    @invariant()
    def every_release_is_on_record_and_the_log_holds(self) -> None:
        if not hasattr(self, "broker"):
            return
        store = Store(self.folder / "broker.db", lambda: self.broker.now)
        store.do(AUDIT.sign)
        with store.reading() as transaction:
            verify_audit_log(records_of(transaction), notes_of(transaction), AUDIT.keys)
        store.close()
        decisions = [each["decision"] for each in self.broker.records()]
        assert decisions.count("released") == self.released

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestOneBroker = OneBroker.TestCase
TestOneBroker.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)


def test_denials_cost_nothing_once_they_are_known(broker: World) -> None:
    for number in range(50):
        broker.deny(DenialKind.CLIENT, f"client-{number}")
    assert all(broker.ask(*headers(3)).keys)
    with broker.store.reading() as transaction:
        plan = transaction.connection.execute(
            "EXPLAIN QUERY PLAN SELECT max(id) FROM denials"
        ).fetchall()
    assert "SEARCH" in plan[0][3]


def test_deny_within_a_transaction_that_fails_denies_nothing(broker: World) -> None:
    def fail(transaction: object) -> None:
        deny(transaction, DenialKind.CLIENT, "recycler")  # type: ignore[arg-type]
        raise ValueError("no")

    other = Store(broker.folder / "broker.db", lambda: broker.now)
    with pytest.raises(ValueError, match="no"):
        other.do(fail)
    other.close()
    broker.ask()
