"""A broker without HTTP: the real store, writer, bundle file and release, and who asks them.

Time is what the test says (`world.now`). Clients are those of `tests.broker_bundles`; recyclers may
read points 2 and 4 for dismantling, authorities point 3.
"""

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from broker.access_token import AccessToken, Holder
from broker.audit import LogGuard
from broker.audit_checkpoint import AuditSigner
from broker.bundle_file import BundleFile
from broker.denials import DenialKind, deny
from broker.dpop import Proof
from broker.group_keys import demo_keys
from broker.limits import Limits, Rate, RateLimits
from broker.metrics import Metrics
from broker.problems import Reason, RequestError
from broker.release import Releases
from broker.store import Failpoint, Store, no_failpoint
from broker.writer import Writer
from passport.access.bundle import Bundle, sign_bundle
from passport.access.decision import Grant
from passport.access.rule import Actor, Operation, Purpose
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import parse_object
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import ReleaseAnswer, ReleaseRequest, release_info
from passport.sealing.sealed_header import PAYLOAD, SealedHeader, content_key
from passport.signing.jwk import jwk_thumbprint
from passport.signing.keys import SeedSigner, demo_secret
from tests import broker_bundles
from tests.access import SIGNER as BUNDLE_SIGNER
from tests.access import policy, rule
from tests.broker_tokens import NOW, public_of, seed_of

KEYS = demo_keys()
MODEL = DppId.parse("01_09506000134352")
BATTERY = broker_bundles.BATTERY
OTHER_BATTERY = DppId.parse("01_09506000134352_21_T48L2611-0002")
AUDIT = AuditSigner(origin="keys.example.com/audit", signer=SeedSigner(demo_secret("broker-audit")))
PLENTY = Limits(
    address=Rate(1e6, 10**6), client=Rate(1e6, 10**6), organisation=Rate(1e6, 10**6),
    client_keys=10**9, organisation_keys=10**9, address_keys=10**9,
)  # fmt: skip
LEVELS = {
    Group.INTEREST_MODEL: Level.MODEL,
    Group.AUTHORITY: Level.MODEL,
    Group.INTEREST_BATTERY: Level.BATTERY,
}


def _rules() -> Iterator[Any]:
    for group, actor, purpose in (
        (Group.INTEREST_MODEL, Actor.RECYCLER, Purpose.DISMANTLING),
        (Group.INTEREST_BATTERY, Actor.RECYCLER, Purpose.DISMANTLING),
        (Group.INTEREST_BATTERY, Actor.PURCHASER, Purpose.ENERGY_MARKET),
        (Group.AUTHORITY, Actor.MARKET_SURVEILLANCE, Purpose.MARKET_SURVEILLANCE),
    ):
        yield rule(
            id=f"{actor}-{group}",
            group=group,
            level=LEVELS[group],
            actors=(actor,),
            purposes=(purpose,),
        )


def bundle(seq: int = 1, **changes: object) -> Bundle:
    """Return a bundle with rows for all, in force for a month from `NOW`."""
    made = broker_bundles.bundle()
    found = replace(
        made,
        seq=seq,
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=30),
        policy=policy(*_rules()),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def header(
    group: Group = Group.INTEREST_BATTERY, passport: DppId | None = None, **changes: object
) -> SealedHeader:
    """Return the header of a payload, sealed with the demo's key of its group."""
    members: dict[str, object] = {
        "passport": passport or (BATTERY if group is Group.INTEREST_BATTERY else MODEL),
        "level": LEVELS[group],
        "group": group,
        "version": 1,
        "resource": PAYLOAD,
        "key": next(key for key in KEYS if key.group is group),
        "salt": b"0123456789abcdef",
        **changes,
    }
    return SealedHeader(**members)  # type: ignore[arg-type]


def headers(count: int) -> tuple[SealedHeader, ...]:
    """Return the headers of so many batteries."""
    names = (DppId.parse(f"01_09506000134352_21_B{number}") for number in range(count))
    return tuple(header(passport=name) for name in names)


def true_key(asked: SealedHeader) -> bytes:
    """Return the content key that a broker must release, or none."""
    return content_key(asked, KEYS[asked.key])


@dataclass(frozen=True, slots=True)
class Released:
    """What a client has after a release: keys and grants in the order it asked."""

    answer: ReleaseAnswer
    keys: tuple[bytes | None, ...]

    @property
    def grants(self) -> tuple[Grant | None, ...]:
        """Who may do what; None for a refused one."""
        return self.answer.grants


@dataclass(slots=True)
class World:
    """A broker in a folder; `now` is its clock."""

    folder: Path
    now: datetime
    store: Store
    writer: Writer
    bundle: BundleFile
    releases: Releases
    metrics: Metrics
    keys: dict[Any, Any] = field(default_factory=lambda: dict(KEYS))

    def use(self, made: Bundle) -> None:
        """Put a bundle in its place and have it read."""
        (self.folder / "bundle.json").write_bytes(sign_bundle(made, BUNDLE_SIGNER))
        asyncio.run(self.load())

    async def load(self) -> None:
        """Read the bundle and the keys."""
        await self.bundle.load(self.writer, self.now)

    async def body(
        self,
        body: bytes,
        *,
        client: str = "recycler",
        holder: Holder | None = None,
        jti: str = "",
        address: str = "192.0.2.1",
    ) -> bytes:
        """Ask with these very bytes, as a client whose token and proof were verified."""
        jkt = jwk_thumbprint(public_of(seed_of(f"dpop {client}")))
        token = AccessToken(
            holder=holder or Holder(client=client),
            jkt=jkt,
            jti="token",
            expires=self.now + timedelta(minutes=5),
        )
        proof = Proof(
            key=public_of(seed_of(f"dpop {client}")),
            jkt=jkt,
            jti=jti or str(uuid.uuid4()),
            until=self.now + timedelta(seconds=60),
        )
        return await self.releases.release(body, token, proof, address=address, now=self.now)

    async def asking(
        self, *asked: SealedHeader, purpose: Purpose = Purpose.DISMANTLING, **who: object
    ) -> Released:
        """Ask for keys and open the answer."""
        secret = RecipientSecret(uuid.uuid4().bytes * 2)
        request = ReleaseRequest(
            purpose=purpose,
            operation=Operation.VIEW,
            recipient=secret.public,
            headers=asked or (header(),),
        )
        body = request.to_bytes()
        answer = ReleaseAnswer.parse(await self.body(body, **who))  # type: ignore[arg-type]
        opened = secret.open(answer.sealed, info=release_info(body, answer))
        return Released(answer, answer.keys_of(opened))

    def ask(self, *asked: SealedHeader, **how: object) -> Released:
        """Ask, and wait for it."""
        return asyncio.run(self.asking(*asked, **how))  # type: ignore[arg-type]

    def refusal(self, *asked: SealedHeader, **how: object) -> Reason:
        """Return why nothing is released."""
        try:
            found = self.ask(*asked, **how)
        except RequestError as error:
            return error.reason
        raise AssertionError(f"released {found.grants}")

    def deny(self, kind: DenialKind, target: str) -> None:
        """Deny as the command does: from another process' connection."""
        other = Store(self.folder / "broker.db", lambda: self.now)
        other.do(lambda transaction: deny(transaction, kind, target))
        other.close()

    def records(self, event: str = "release") -> tuple[Mapping[str, Any], ...]:
        """Return the audit records of one kind."""
        return tuple(each for each in self.all_records() if each["event"] == event)

    def all_records(self) -> tuple[JsonObject, ...]:
        """Return all audit records, read by a connection of our own."""
        other = Store(self.folder / "broker.db", lambda: self.now)
        with other.reading() as transaction:
            rows = transaction.connection.execute("SELECT content FROM records ORDER BY number")
            found = tuple(parse_object(content) for (content,) in rows)
        other.close()
        return found


@contextmanager
def world(
    folder: Path,
    made: Bundle | None = None,
    limits: Limits = PLENTY,
    failpoint: Failpoint = no_failpoint,
) -> Iterator[World]:
    """Run a broker in this folder, with a bundle in use unless it was told None and has none."""
    metrics = Metrics()
    store = Store(folder / "broker.db", lambda: found.now, failpoint, LogGuard())
    writer = Writer(store)
    bundle_file = BundleFile(
        folder / "bundle.json", BUNDLE_SIGNER.public_key, lambda: dict(found.keys)
    )
    ticks = iter(range(10**9))
    releases = Releases(
        bundle_file,
        writer,
        limits=limits,
        rates=RateLimits(limits, lambda: float(next(ticks)) / 1000),
        metrics=metrics,
        failpoint=failpoint,
    )
    found = World(folder, NOW, store, writer, bundle_file, releases, metrics)
    writer.start()
    try:
        if made is not None or not (folder / "bundle.json").exists():
            found.use(made or bundle())
        else:
            asyncio.run(found.load())
        yield found
    finally:
        writer.stop()
