"""What changed besides models, batteries and access: settings, operators, evidence, keys, theme.

Of evidence about restricted values only that is told, since names of its entries are people's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import groupby

from generator.content.config import SiteConfig
from generator.content.deploy_settings import DeploySettings
from generator.content.withdrawn import Withdrawal
from generator.review.change import Change, Effect, Reader
from generator.review.differing import differing, happened, members_changed, without_places
from generator.review.value_change import cut, listed
from passport.broker_address import BrokerAddress
from passport.evidence import EvidenceEntry, EvidenceRegister
from passport.hosting import Hosting
from passport.label_design import LabelDesign
from passport.model import EconomicOperator

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
    for slug, old, new in differing(*sides):
        members = members_changed(old, new)
        is_stated = not _STATED.isdisjoint(members)
        yield Change(
            reader=Reader.LAW,
            subject=f"operator {slug}",
            what=", ".join(members).replace("_", " ") or "operator",
            note="" if members else happened(old, new),
            effect=Effect.NEW_VERSION if is_stated else Effect.NONE,
            passports=passports_of(slug) if is_stated else 0,
            sensitive=True,
        )


def label_changes(before: Iterable[LabelDesign], after: Iterable[LabelDesign]) -> Iterator[Change]:
    """Compare designs of labels; those that were printed stay as they are."""
    sides = ({each.name: each for each in side} for side in (before, after))
    for name, old, new in differing(*sides):
        members = ", ".join(members_changed(old, new)).replace("_", " ")
        yield Change(
            reader=Reader.ENGINEERING,
            subject="labels",
            what=f"design {name}",
            note=f"{members} {happened(old, new)}".strip(),
        )


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
        changed = {name for name, *pair in differing(*entries) if None not in pair}
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
    if without_places(before) != without_places(after):
        yield Change(reader=Reader.LAW, subject="hosting", what="processors and back-up")


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
    return {entry.name: replace(entry, covers=()) for entry in entries}
