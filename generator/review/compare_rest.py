"""What changed besides models and batteries: operators, evidence, access, clients, keys, theme."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from generator.content.access import AccessContent
from generator.content.access_source import state_of
from generator.content.config import SiteConfig
from generator.review.change import Change, Effect, Reader
from generator.review.snapshot import Snapshot
from passport.access_changes import Entitlement, compare
from passport.evidence import EvidenceEntry, EvidenceRegister
from passport.model import EconomicOperator
from passport.problems import Place

_NOWHERE = Place("")
_MOST_NAMED = 4


def operator_changes(
    before: Iterable[EconomicOperator],
    after: Iterable[EconomicOperator],
    passports_of: Callable[[str], int],
) -> Iterator[Change]:
    """Compare operators; `passports_of` counts the passports that name one."""
    old = {each.slug: replace(each, place=_NOWHERE) for each in before}
    new = {each.slug: replace(each, place=_NOWHERE) for each in after}
    for slug in sorted(old.keys() | new.keys()):
        if old.get(slug) == new.get(slug):
            continue
        both = slug in old and slug in new
        yield Change(
            reader=Reader.LAW,
            subject=f"operator {slug}",
            what=_members_changed(old[slug], new[slug]) if both else "operator",
            note="" if both else "added" if slug in new else "removed",
            effect=Effect.NEW_VERSION if both else Effect.NONE,
            passports=passports_of(slug) if both else 0,
            sensitive=both,
        )


def evidence_changes(
    before: Iterable[EvidenceRegister], after: Iterable[EvidenceRegister]
) -> Iterator[Change]:
    """Compare registers: which values gained or lost evidence, which entries say something else."""
    old = {register.model: register for register in before}
    new = {register.model: register for register in after}
    for model in sorted(old.keys() | new.keys()):
        sides = _covered(old.get(model)), _covered(new.get(model))
        for note, names in (
            ("evidence gained", sides[1] - sides[0]),
            ("evidence lost", sides[0] - sides[1]),
        ):
            if names:
                yield _evidence(model, _named(names), note)
        entries = [_entries(register) for register in (old.get(model), new.get(model))]
        for name in sorted(entries[0].keys() & entries[1].keys()):
            if entries[0][name] != entries[1][name]:
                yield _evidence(model, f"entry {name}", "says something else")


def access_changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Say who gains and who loses access, to what."""
    old, new = before.content.access, after.content.access
    found = compare(state_of(old), state_of(new), (before.day, after.day))
    for note, entitlements in (
        ("gains access", found.actors_gain),
        ("loses access", found.actors_lose),
        ("gains access", found.clients_gain),
        ("loses access", found.clients_lose),
    ):
        yield from _entitled(note, entitlements)
    for note, count in (
        ("terms gained", len(found.terms_gained)),
        ("terms lost", len(found.terms_lost)),
        ("refused to everybody", len(found.refused)),
        ("no longer refused", len(found.no_longer_refused)),
        ("trusted issuers added", len(found.issuers_added)),
        ("trusted issuers removed", len(found.issuers_removed)),
    ):
        if count:
            yield _access(f"{count}", note)
    yield from _clients(old, new)


def settings_changes(before: SiteConfig, after: SiteConfig) -> Iterator[Change]:
    """Compare the settings of the site."""
    for name in before.__slots__:
        pair = [str(getattr(each, name)) for each in (before, after)]
        if pair[0] != pair[1]:
            yield Change(
                reader=Reader.LAW if name in ("base_url", "issuer", "brokers") else Reader.QUALITY,
                subject="settings",
                what=name,
                before=pair[0][:80],
                after=pair[1][:80],
                sensitive=name in ("base_url", "issuer"),
            )


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Compare keys and themes by their files."""
    changed = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    for part, paths in groupby(changed, key=lambda path: path.partition("/")[0]):
        is_keys = part == "keys"
        names = [path.partition("/")[2] for path in paths]
        yield Change(
            reader=Reader.LAW if is_keys else Reader.ENGINEERING,
            subject=part,
            what=_named(names),
            note=_keys_note(names) if is_keys else "pages look different, no passport changes",
            sensitive=is_keys,
        )


def _keys_note(names: Iterable[str]) -> str:
    told = {
        "keys.toml": "a key was made, rotated or revoked",
        "groups.toml": "a group key was rotated, closed or compromised",
        "did.jsonl": "the issuer's DID log has a new entry",
        "to-log.jsonl": "something is entered into the log by the next build",
        "escrow.toml": "an escrow was made",
    }
    return "; ".join(told[name] for name in names if name in told) or "public keys changed"


def _entitled(note: str, entitlements: Iterable[Entitlement]) -> Iterator[Change]:
    def who(each: Entitlement) -> str:
        return each.who

    for name, found in groupby(sorted(entitlements, key=who), key=who):
        each = list(found)
        groups = sorted({entitlement.group for entitlement in each})
        purposes = {entitlement.purpose for entitlement in each}
        yield _access(f"{name}: {', '.join(groups)} for {_named(purposes)}", note)


def _clients(old: AccessContent, new: AccessContent) -> Iterator[Change]:
    sides = [{entry.client.id: entry.client for entry in each.clients} for each in (old, new)]
    for name in sorted(sides[0].keys() | sides[1].keys()):
        pair = sides[0].get(name), sides[1].get(name)
        if pair[0] != pair[1]:
            note = "added" if pair[0] is None else "removed" if pair[1] is None else "changed"
            yield _access(f"client {name}", note)


def _access(what: str, note: str) -> Change:
    return Change(reader=Reader.LAW, subject="access", what=what, note=note, sensitive=True)


def _evidence(model: str, what: str, note: str) -> Change:
    return Change(reader=Reader.QUALITY, subject=f"model {model}", what=what, note=note)


def _covered(register: EvidenceRegister | None) -> set[str]:
    entries = register.entries if register else ()
    return {point.label.text("en") for entry in entries for point in entry.covers}


def _entries(register: EvidenceRegister | None) -> dict[str, EvidenceEntry]:
    entries = register.entries if register else ()
    return {entry.name: replace(entry, place=_NOWHERE) for entry in entries}


def _members_changed(old: EconomicOperator, new: EconomicOperator) -> str:
    names = [name for name in old.__slots__ if getattr(old, name) != getattr(new, name)]
    return ", ".join(names).replace("_", " ")


def _named(names: Iterable[str]) -> str:
    listed = sorted(set(names))
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
