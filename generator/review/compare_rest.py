"""What changed besides models, batteries and access: settings, operators, evidence, keys, theme.

Of evidence about restricted values only that is told, since names of its entries are people's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import groupby

from generator.content.config import SiteConfig
from generator.content.deploy_settings import DeploySettings
from generator.content.withdrawn import Withdrawal
from generator.review.change import Change, Effect, Reader
from generator.review.value_change import cut, listed
from passport.broker_address import BrokerAddress
from passport.evidence import EvidenceEntry, EvidenceRegister
from passport.hosting import Hosting
from passport.label_design import LabelDesign
from passport.model import EconomicOperator
from passport.problems import Place

_NOWHERE = Place("")
_STATED = {"name", "trade_name", "identifier", "address", "web", "email", "plants"}
"""What passports say of an operator."""
_IDENTITY = ("base_url", "issuer", "keys", "brokers", "after_cessation")


def operator_changes(
    before: Iterable[EconomicOperator],
    after: Iterable[EconomicOperator],
    passports_of: Callable[[str], int],
) -> Iterator[Change]:
    """Compare operators; `passports_of` counts the passports that name one."""
    sides = ({each.slug: each for each in side} for side in (before, after))
    for slug, members, note in _differing(*sides):
        is_stated = not _STATED.isdisjoint(members)
        yield Change(
            reader=Reader.LAW,
            subject=f"operator {slug}",
            what=", ".join(members).replace("_", " ") or "operator",
            note=note,
            effect=Effect.NEW_VERSION if is_stated else Effect.NONE,
            passports=passports_of(slug) if is_stated else 0,
            sensitive=True,
        )


def label_changes(before: Iterable[LabelDesign], after: Iterable[LabelDesign]) -> Iterator[Change]:
    """Compare designs of labels; those that were printed stay as they are."""
    sides = ({each.name: each for each in side} for side in (before, after))
    for name, members, note in _differing(*sides):
        yield Change(
            reader=Reader.ENGINEERING,
            subject="labels",
            what=f"design {name}",
            note=note or f"{', '.join(members)} changed".replace("_", " "),
        )


def _differing(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[tuple[str, list[str], str]]:
    """Yield what differs by name: its members that do, or that it was added or removed."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield name, [], "removed" if new is None else "added"
        elif members := _members_changed(old, new):
            yield name, members, ""


def evidence_changes(
    before: Iterable[EvidenceRegister], after: Iterable[EvidenceRegister]
) -> Iterator[Change]:
    """Compare registers: which values gained or lost evidence, which entries say something else."""
    old = {register.model: register for register in before}
    new = {register.model: register for register in after}
    for model in sorted(old.keys() | new.keys()):
        sides = _covered(old.get(model)), _covered(new.get(model))
        for note, points in (
            ("evidence gained", sides[1] - sides[0]),
            ("evidence lost", sides[0] - sides[1]),
        ):
            if points:
                yield _evidence(model, listed(points), note)
        entries = [_entries(register) for register in (old.get(model), new.get(model))]
        changed = {n for n in entries[0] if n in entries[1] and entries[0][n] != entries[1][n]}
        if changed:
            names = (_entry_name(entry) for entry in new[model].entries if entry.name in changed)
            yield _evidence(model, listed(names), "evidence says something else")


def _entry_name(entry: EvidenceEntry) -> str:
    is_public = any(point.is_public for point in entry.covers)
    return f"entry {entry.name}" if is_public else "an entry about restricted values"


def settings_changes(before: SiteConfig, after: SiteConfig) -> Iterator[Change]:
    """Compare the settings of the site."""
    for name in SiteConfig.__slots__:
        old, new = (_setting(getattr(each, name)) for each in (before, after))
        if old != new:
            is_new_site = name == "base_url"
            yield Change(
                reader=Reader.LAW,
                subject="settings",
                what=name,
                before=cut(old),
                after=cut(new),
                note="another site: what was published can't move there" if is_new_site else "",
                sensitive=name in _IDENTITY,
            )


def _setting(value: object) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return ", ".join(map(_setting, value))
        case BrokerAddress(url=url, groups=groups):
            return f"{url} for {' and '.join(groups)}"
        case DeploySettings():
            return " ".join(filter(None, (getattr(value, f.name) for f in fields(value))))
    return str(value)


def withdrawal_changes(
    before: Iterable[Withdrawal], after: Iterable[Withdrawal]
) -> Iterator[Change]:
    """Compare which versions are taken back."""
    old, new = ({(str(e.dpp_id), e.version) for e in side} for side in (before, after))
    for versions, note in ((new - old, "withdrawn"), (old - new, "no longer withdrawn")):
        if versions:
            names = listed(f"version {version} of {name}" for name, version in versions)
            yield Change(
                reader=Reader.LAW, subject="passports", what=names, note=note, sensitive=True
            )


def hosting_changes(before: Hosting | None, after: Hosting | None) -> Iterator[Change]:
    """Compare who stores passports, and under which contract."""
    if _without_places(before) != _without_places(after):
        yield Change(reader=Reader.LAW, subject="hosting", what="processors and back-up")


def _without_places(value: object) -> object:
    """A record as plain values: where it stands in its file is no part of what it says."""
    match value:
        case Place():
            return None
        case tuple():
            return tuple(map(_without_places, value))
        case _ if is_dataclass(value):
            return tuple(_without_places(getattr(value, each.name)) for each in fields(value))
    return value


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Compare keys and themes by their files."""
    changed = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    for part, paths in groupby(changed, key=lambda path: path.partition("/")[0]):
        is_keys = part == "keys"
        names = [path.partition("/")[2] for path in paths]
        yield Change(
            reader=Reader.LAW if is_keys else Reader.ENGINEERING,
            subject=part,
            what=listed(names),
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


def _evidence(model: str, what: str, note: str) -> Change:
    return Change(reader=Reader.QUALITY, subject=f"model {model}", what=what, note=note)


def _covered(register: EvidenceRegister | None) -> set[str]:
    entries = register.entries if register else ()
    return {point.label.text("en") for entry in entries for point in entry.covers}


def _entries(register: EvidenceRegister | None) -> dict[str, EvidenceEntry]:
    entries = register.entries if register else ()
    return {entry.name: replace(entry, place=_NOWHERE, covers=()) for entry in entries}


def _members_changed(old: object, new: object) -> list[str]:
    names = (each.name for each in fields(old))  # type: ignore[arg-type]  # a record
    return [
        n for n in names if _without_places(getattr(old, n)) != _without_places(getattr(new, n))
    ]
