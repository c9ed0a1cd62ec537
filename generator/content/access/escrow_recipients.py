"""Who may receive escrowed keys of a group: clients that the policy entitles to all of it.

DESIGN 6: access is a lattice, so nobody gets a file of a group that a broker would not release to
them. A trustee is the exception, for a reason that is recorded, and is no client. A purchaser is
entitled to its own products only, and one key opens those of everybody.
"""

from dataclasses import dataclass
from datetime import date

from generator.content.access.load import POLICY_FILE, AccessContent
from passport.access.client import Client
from passport.errors import ConfigError
from passport.registry import Group

_RECIPIENT = "age1"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a file is for: `to` is `age1…`; either a client or a trustee stands behind it."""

    to: str
    client: str = ""
    trustee: str = ""

    @property
    def name(self) -> str:
        """Who it is."""
        return self.client or self.trustee


def recipient_of(
    access: AccessContent, group: Group, to: str, trustee: str, day: date
) -> Recipient:
    """Return whom `to` names, a client's id or `age1…`, if they may have a group's keys on a day.

    `ConfigError` says what the policy or the client lacks.
    """
    client = _client(access, to)
    if client is not None:
        if trustee:
            raise ConfigError(
                f"{to} is the client {client.id}, so the policy decides, not --trustee",
                "leave out --trustee, or name a recipient of the trustee's own",
            )
        _check_entitled(access, client, group, day)
        return Recipient(client.age, client=client.id)
    if not to.startswith(_RECIPIENT):
        raise ConfigError(
            f"{to!r} is no client in content/access/clients", "name one of them, or write age1…"
        )
    if not trustee:
        raise ConfigError(
            f"{to} is the `age` member of no client",
            "enter it in content/access/clients, or say who it is with --trustee and --reason",
        )
    return Recipient(to, trustee=trustee)


def _client(access: AccessContent, to: str) -> Client | None:
    clients = [entry.client for entry in access.clients]
    return next((each for each in clients if to in (each.id, each.age)), None)


def _check_entitled(access: AccessContent, client: Client, group: Group, day: date) -> None:
    if not client.age:
        raise ConfigError(
            f"the client {client.id} has no `age` member", "ask for its recipient and enter it"
        )
    if not client.is_live(day):
        raise ConfigError(
            f"the client {client.id} may not ask on {day}", "see its status and valid_until"
        )
    entitled = access.policy.groups_of(client.actors, day) if access.policy else frozenset()
    if group not in entitled:
        listed = ", ".join(sorted(entitled)) or "no group"
        raise ConfigError(
            f"the policy entitles {client.id} to {listed}, not to {group}",
            f"see {POLICY_FILE}: whoever may read some products only gets their keys from a broker",
        )
