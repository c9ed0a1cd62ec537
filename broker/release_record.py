"""The transaction of a release: what must hold at its one moment, and what is written then.

DESIGN 7, one commit or none of it: the bundle that decided is still the newest; nothing was denied
since; the proof was not used before; quotas allow it; and each header asked for has its record in
the audit log, released or refused. Deciding and handing out keys is `broker.release`'s matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from broker.access_token import Holder
from broker.audit import Event, Members, append, pseudonyms
from broker.bundle_file import Snapshot, check_in_use
from broker.denials import KnownDenials
from broker.dpop import Proof
from broker.limits import Quota, take_quotas
from broker.problems import Reason, RequestError
from broker.store import Transaction
from broker.uses import use
from passport.access.decision import Grant, Subject
from passport.access.refusal import Item
from passport.encoding.multibase import digest_multibase
from passport.sealing.release import ReleaseRequest
from passport.sealing.sealed_header import SealedHeader

NO_KEY = "no-key"
"""Why something was refused: it is sealed with a key that this broker doesn't hold."""
DENIAL = "denial"
"""Why something was refused: `cellfolio-broker deny` took it away."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one header; it is released if there is a grant."""

    why: str
    rule: str = ""
    grant: Grant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A release as it was asked for: everything that its record tells."""

    id: str
    request: ReleaseRequest
    items: tuple[Item, ...]
    """What is decided about, header by header."""
    holder: Holder
    subject: Subject
    proof: Proof
    snapshot: Snapshot
    quotas: tuple[Quota, ...]


def item_of(header: SealedHeader) -> Item:
    """Return what a policy decides about."""
    return Item(
        passport=header.passport,
        group=header.group,
        level=header.level,
        version=header.version,
        key=header.key,
        salt=header.salt,
    )


def record(
    transaction: Transaction, known: KnownDenials, asked: Asked, verdicts: tuple[Verdict, ...]
) -> tuple[Verdict, ...]:
    """Write a release down and return what holds of its verdicts; `RequestError` undoes it all."""
    check_in_use(transaction, asked.snapshot)
    if not use(transaction, asked.proof.jkt, asked.proof.jti, asked.proof.until):
        raise RequestError(
            Reason.REPLAYED, "the proof was used before", "make a proof for each request"
        )
    take_quotas(transaction, asked.quotas, len(verdicts))
    denials = known.read(transaction)
    is_denied = denials.cover(asked.holder, asked.subject)
    final = tuple(
        Verdict(DENIAL) if is_denied or denials.refusals.cover(item) else verdict
        for item, verdict in zip(asked.items, verdicts, strict=True)
    )
    append(transaction, Event.RELEASE, _members(transaction, asked, final))
    return final


def record_failure(transaction: Transaction, release: str) -> None:
    """Write down that a release ended after its record: its keys may have left, or not."""
    append(transaction, Event.FAILURE, ({"release": release},))


def _members(
    transaction: Transaction, asked: Asked, verdicts: tuple[Verdict, ...]
) -> Iterator[Members]:
    client = asked.subject.client
    who, jkt = pseudonyms(transaction, client, client, asked.proof.jkt)
    shared: Members = {
        "release": asked.id,
        "client": who,
        "jkt": jkt,
        "organisation": asked.subject.organisation,
        "actors": " ".join(asked.subject.actors),
        "purpose": asked.request.purpose,
        "operation": asked.request.operation,
        "bundle": asked.snapshot.bundle.seq,
        "policy": asked.snapshot.bundle.policy.version,
    }
    for header, verdict in zip(asked.request.headers, verdicts, strict=True):
        yield {
            **shared,
            "decision": "refused" if verdict.grant is None else "released",
            "why": verdict.why,
            "rule": verdict.rule,
            "passport": str(header.passport),
            "group": header.group,
            "version": header.version,
            "resource": header.resource,
            "key": str(header.key),
            # Not the salt: whoever reads the log must not be able to ask for the key.
            "header": digest_multibase(header.canonical()),
        }
