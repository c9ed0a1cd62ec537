"""Denials: what is taken away at once, ahead of the next bundle.

DESIGN 7: `cellfolio-broker deny` can only take away. A denial names a client, an organisation, an
issuer of role credentials, a passport, a group key or one sealed file; it is read within the
transaction of every release, so that none follows it. It stays in this broker's store for ever:
what was denied by mistake comes back under another name, by a new bundle.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from broker.access_token import Holder
from broker.audit import Event, append, pseudonyms
from broker.store import Transaction
from passport.access.decision import Subject
from passport.access.members import parse_refusal
from passport.access.refusal import Refusals
from passport.encoding.timestamp import time_text
from passport.errors import VerificationError
from passport.quoting import quoted


class DenialKind(StrEnum):
    """What a denial names."""

    CLIENT = "client"
    """A client's id, or the DID of who holds a role credential."""
    ORGANISATION = "organisation"
    ISSUER = "issuer"
    """Everybody whose role credential is by the issuer of this DID."""
    PASSPORT = "passport"
    KEY = "key"
    """A group key by its id: all that is sealed under it."""
    SALT = "salt"
    """One sealed file, by the salt of its header."""


@dataclass(frozen=True, slots=True)
class Denials:
    """All denials up to the one with id `last`; `refusals` are of items, for everybody."""

    last: int = 0
    clients: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    refusals: Refusals = field(default_factory=Refusals)

    def cover(self, holder: Holder, subject: Subject) -> bool:
        """Whether who asks is denied everything."""
        return (
            subject.client in self.clients
            or subject.organisation in self.organisations
            or holder.role_issuer in self.issuers
        )


class KnownDenials:
    """The denials as they are within a transaction; read anew only when one was added."""

    def __init__(self) -> None:
        self._known = Denials()

    def read(self, transaction: Transaction) -> Denials:
        """Return the denials that a transaction sees."""
        last = transaction.value("SELECT max(id) FROM denials")
        if isinstance(last, int) and last != self._known.last:
            self._known = _read(transaction, last)
        return self._known


def check_target(kind: DenialKind, target: str) -> None:
    """Raise `VerificationError` for what can't be the name of anything of this kind."""
    if not target or target != target.strip():
        raise VerificationError(f"{quoted(target)} names no {kind}", "write it as the bundle does")
    if kind in _REFUSALS:
        parse_refusal({kind: target})


def deny(transaction: Transaction, kind: DenialKind, target: str) -> None:
    """Take away from here on, and put it on record; `VerificationError` as `check_target`."""
    check_target(kind, target)
    named = pseudonyms(transaction, target, target)[0] if kind is DenialKind.CLIENT else target
    time = time_text(transaction.time)
    append(transaction, Event.DENIAL, ({"kind": kind, "target": named},))
    transaction.run("INSERT INTO denials (kind, target, time) VALUES (?, ?, ?)", kind, target, time)


_REFUSALS = frozenset({DenialKind.PASSPORT, DenialKind.KEY, DenialKind.SALT})


def _read(transaction: Transaction, last: int) -> Denials:
    targets: dict[str, list[str]] = {kind: [] for kind in DenialKind}
    for kind, target in transaction.connection.execute("SELECT kind, target FROM denials"):
        targets[kind].append(target)
    refused = (parse_refusal({kind: each}) for kind in sorted(_REFUSALS) for each in targets[kind])
    return Denials(
        last,
        frozenset(targets[DenialKind.CLIENT]),
        frozenset(targets[DenialKind.ORGANISATION]),
        frozenset(targets[DenialKind.ISSUER]),
        Refusals(tuple(refused)),
    )
