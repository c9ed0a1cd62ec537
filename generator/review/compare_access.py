"""What changed in access: who gains and who loses what, one line for each actor and each client.

Policies are compared by what they lead to (`passport.access.changes`); a policy that was only
written anew is told in one line, since somebody approved another text.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from generator.content.access.load import AccessContent
from generator.content.access.source import day_of, state_of
from generator.review.change import Change, Reader
from generator.review.differing import differing, happened
from generator.review.value_change import listed
from passport.access.changes import AccessChange, AccessState, Entitlement, compare
from passport.access.client import Client
from passport.access.decision import AccessPolicy


def access_changes(before: AccessContent, after: AccessContent, day: date) -> Iterator[Change]:
    """Compare what two contents say of access, on a day or when a policy comes into force."""
    old, new = state_of(before), state_of(after)
    found = compare(old, new, (day_of(old, day), day_of(new, day)))
    yield from _actors(after, found)
    yield from _clients(before, after, found)
    yield from _issuers(old, new)
    if terms := {term.actor for term in (*found.terms_gained, *found.terms_lost)}:
        yield _access(listed(terms), "terms changed")
    counts = (
        ("refused to everybody", len(found.refused)),
        ("no longer refused", len(found.no_longer_refused)),
    )
    for note, count in counts:
        if count:
            entries = "entry" if count == 1 else "entries"
            yield _access(f"{count} {entries} of refused.jsonl", note)
    if found.is_empty and _essence(old.policy) != _essence(new.policy):
        yield _access("policy", "written anew; nobody gains or loses access")


def _actors(after: AccessContent, found: AccessChange) -> Iterator[Change]:
    """Actors, each with the clients that it concerns."""
    for who in sorted({each.who for each in (*found.actors_gain, *found.actors_lose)}):
        told = _gains_and_loses(who, found.actors_gain, found.actors_lose)
        clients = [name for name, client in _by_name(after).items() if who in _roles(client)]
        yield _access(who, f"{told}; clients: {listed(clients)}" if clients else told)


def _clients(before: AccessContent, after: AccessContent, found: AccessChange) -> Iterator[Change]:
    """Clients that were entered, changed or removed; what a policy does to others is told above."""
    for name, *sides in differing(_by_name(before), _by_name(after)):
        told = _gains_and_loses(name, found.clients_gain, found.clients_lose)
        yield _access(f"client {name}", "; ".join(filter(None, (happened(*sides), told))))


def _issuers(before: AccessState, after: AccessState) -> Iterator[Change]:
    """Issuers whose role credentials are trusted from now on, no longer, or otherwise."""
    sides = ({each.did: each for each in side.issuers} for side in (before, after))
    for did, old, new in differing(*sides):
        trusted = f"; trusted as {listed(new.actors)}" if new else ""
        yield _access(f"issuer {did}", happened(old, new) + trusted)


def _roles(client: Client) -> set[str]:
    return {*client.actors, *(holding.actor for holding in client.holdings)}


def _by_name(content: AccessContent) -> dict[str, Client]:
    return {entry.client.id: entry.client for entry in content.clients}


def _gains_and_loses(who: str, gained: Iterable[Entitlement], lost: Iterable[Entitlement]) -> str:
    parts = (("gains", gained), ("loses", lost))
    return "; ".join(
        f"{verb} {told}"
        for verb, entitlements in parts
        if (told := _told([each for each in entitlements if each.who == who]))
    )


def _told(entitlements: list[Entitlement]) -> str:
    if not entitlements:
        return ""
    groups = ", ".join(sorted({each.group for each in entitlements}))
    purposes = listed({each.purpose for each in entitlements})
    products = {str(each.product) for each in entitlements if each.product}
    return f"{groups} for {purposes}" + (f" of {listed(products)}" if products else "")


def _essence(policy: AccessPolicy | None) -> object:
    """What somebody approved, in whichever order it is written."""
    if policy is None:
        return None
    rules = sorted(policy.rules, key=lambda rule: rule.id)
    return policy.version, policy.supersedes, policy.period, rules


def _access(what: str, note: str) -> Change:
    return Change(reader=Reader.LAW, subject="access", what=what, note=note, sensitive=True)
