"""How much one may ask: requests a second, kept in memory, and keys a day, kept in the store.

DESIGN 7. Both by client, by organisation and by address prefix, each on its own: many clients of
one organisation share its limit, and so do all addresses of one network. A quota is taken within
the transaction of a release, so that no restart and no second connection goes around it; it counts
what is asked, since a refusal is put on record too.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from math import ceil

from broker.problems import Reason, RequestError
from broker.store import Transaction
from passport.access.decision import Subject

MOST_HOLDERS = 20_000
"""Buckets that are remembered; the longest unused is forgotten first, and is full again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second in the long run, and how many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What each may ask; the defaults serve a workshop, not a crawler."""

    address: Rate = Rate(50, 200)
    client: Rate = Rate(20, 100)
    organisation: Rate = Rate(50, 200)
    client_keys: int = 20_000
    """Keys a day (UTC) that a client may ask for; the next two likewise."""
    organisation_keys: int = 50_000
    address_keys: int = 100_000


@dataclass(frozen=True, slots=True)
class Buckets:
    """A token bucket for each holder; `now` counts seconds and never goes back."""

    rate: Rate
    now: Callable[[], float]
    _levels: OrderedDict[str, tuple[float, float]] = field(
        init=False, repr=False, default_factory=OrderedDict
    )

    def take(self, holder: str) -> None:
        """Take one request, or raise `RequestError` that says when there will be one."""
        now = self.now()
        level, since = self._levels.pop(holder, (float(self.rate.burst), now))
        level = min(self.rate.burst, level + (now - since) * self.rate.per_second)
        has_one = level >= 1
        self._levels[holder] = (level - 1 if has_one else level, now)
        if len(self._levels) > MOST_HOLDERS:
            self._levels.popitem(last=False)
        if not has_one:
            raise _too_much("too many requests", ceil((1 - level) / self.rate.per_second))


class RateLimits:
    """The buckets of a broker; addresses are asked before anything is parsed, names after."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._addresses = Buckets(limits.address, now)
        self._clients = Buckets(limits.client, now)
        self._organisations = Buckets(limits.organisation, now)

    def admit_address(self, address: str) -> None:
        """Take a request from an address; `RequestError` when its network asks too much."""
        self._addresses.take(address_prefix(address))

    def admit_client(self, client: str, organisation: str) -> None:
        """Take a request from whoever it turned out to be; `RequestError` as above."""
        self._clients.take(client)
        self._organisations.take(organisation)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many keys a holder may ask for in a day."""

    holder: str
    keys: int


def quotas_of(limits: Limits, subject: Subject, address: str) -> tuple[Quota, ...]:
    """Return the quotas that a release counts for."""
    return (
        Quota(f"client {subject.client}", limits.client_keys),
        Quota(f"organisation {subject.organisation}", limits.organisation_keys),
        Quota(f"address {address_prefix(address)}", limits.address_keys),
    )


def take_quotas(transaction: Transaction, quotas: tuple[Quota, ...], keys: int) -> None:
    """Count keys that are asked for; `RequestError` if that is more than a quota allows."""
    day = transaction.time.astimezone(UTC).date()
    rows = ", ".join(["(?, ?, ?)"] * len(quotas))
    taken = transaction.connection.execute(
        f"INSERT INTO quotas VALUES {rows} ON CONFLICT (day, holder) "  # noqa: S608 (placeholders)
        "DO UPDATE SET keys = keys + excluded.keys RETURNING holder, keys",
        tuple(value for quota in quotas for value in (day.isoformat(), quota.holder, keys)),
    )
    found = dict(taken.fetchall())
    if any(found[quota.holder] > quota.keys for quota in quotas):
        tomorrow = datetime.combine(day + timedelta(days=1), time(), UTC)
        wait = ceil((tomorrow - transaction.time).total_seconds())
        raise _too_much("the quota of this day is used up", wait)


def sweep_quotas(transaction: Transaction) -> None:
    """Forget who asked on the days before."""
    day = transaction.time.astimezone(UTC).date()
    transaction.run("DELETE FROM quotas WHERE day < ?", day.isoformat())


@lru_cache(maxsize=MOST_HOLDERS)
def address_prefix(address: str) -> str:
    """Return the network that an address counts for: /24 of IPv4, /48 of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    length = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))


def _too_much(message: str, seconds: int) -> RequestError:
    return RequestError(
        Reason.RATE_LIMITED,
        message,
        "ask again later, and for up to 100 keys at a time",
        retry_after=max(1, seconds),
    )
