"""Comparing two states of a project: every change, and how many passports it touches.

The counts are of passports, not of lines, and come from planning both states (`due`); what each
line says comes from comparing what content says, part by part.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from generator.content.load import Content
from generator.review.change import Change, Effect, Reader, Review
from generator.review.compare_access import access_changes
from generator.review.compare_batteries import LivesPair, event_changes, lot_changes
from generator.review.compare_models import Fleet, ModelPair
from generator.review.compare_rest import (
    evidence_changes,
    file_changes,
    hosting_changes,
    label_changes,
    operator_changes,
    settings_changes,
    withdrawal_changes,
)
from generator.review.due import Due, due, names_of_models, unseen_groups
from generator.review.snapshot import Snapshot
from passport.change_reason import ChangeReason
from passport.errors import ValueFormatError
from passport.evidence import EvidenceRegister
from passport.model import BatteryModel, RestrictedElements
from passport.registry import Group


def review(
    before: Snapshot,
    after: Snapshot,
    *,
    day: date,
    reasons: tuple[str, ...] = (),
    restricted: bool = False,
) -> Review:
    """Compare two states as they stand on a day.

    `reasons` are what commits between them say. Restricted values stand in the review only where
    they are asked for.
    """
    counts = due(before.content, after.content, day)
    comparison = _Comparison(before, after, day, counts, restricted=restricted)
    return Review(
        before=before.name,
        after=after.name,
        changes=tuple(comparison.changes()),
        new=counts.new,
        renewed=counts.renewed,
        ceased=counts.ceased,
        reasons=reasons,
        has_reason=any(map(_is_reason, reasons)),
        problems=before.problems + after.problems,
        unseen=comparison.unseen,
    )


def _named_as_in(new: Content, old: Content) -> Iterator[EvidenceRegister]:
    """The earlier registers, under what the folders of their models are called later."""
    slugs = {name: model.slug for model, name in names_of_models(new)}
    names = {model.slug: name for model, name in names_of_models(old)}
    for register in old.evidence:
        yield replace(register, model=slugs.get(names.get(register.model, ""), register.model))


def _is_reason(line: str) -> bool:
    try:
        ChangeReason.parse(line)
    except ValueFormatError:
        return False
    return True


class _Comparison:
    """Two contents side by side."""

    def __init__(
        self, before: Snapshot, after: Snapshot, day: date, counts: Due, *, restricted: bool
    ) -> None:
        self._before, self._after, self._day, self._due = before, after, day, counts
        self._restricted = restricted
        sides = before.content, after.content
        self._unseen = unseen_groups(*sides)
        self._is_root_away = any(side.is_private_root_away for side in sides)

    @property
    def unseen(self) -> bool:
        """Whether something restricted lies where one side can't be read."""
        return self._is_root_away or bool(self._unseen)

    def changes(self) -> Iterator[Change]:
        """Yield every change: settings first, then content, access, keys and the theme."""
        old, new = self._before.content, self._after.content
        yield from settings_changes(old.config, new.config)
        yield from operator_changes(old.operators, new.operators, self._naming)
        yield from self._of_models(old, new)
        yield from evidence_changes(_named_as_in(new, old), new.evidence)
        yield from lot_changes(old, new, self._due)
        yield from self._of_events(old, new)
        yield from withdrawal_changes(old.withdrawn, new.withdrawn)
        yield from hosting_changes(old.hosting, new.hosting)
        yield from label_changes(old.labels, new.labels)
        yield from access_changes(old.access, new.access, self._day)
        yield from file_changes(self._before.files, self._after.files)

    def _of_models(self, old: Content, new: Content) -> Iterator[Change]:
        before = {name: model for model, name in names_of_models(old)}
        after = {name: model for model, name in names_of_models(new)}
        for name, model in after.items():
            if name not in before:
                yield self._whole(model, name, Effect.NEW, "added")
                continue
            pair = ModelPair(
                before=before[name],
                after=model,
                restricted_before=self._restricted_of(old, before[name].slug),
                restricted_after=self._restricted_of(new, model.slug),
                fleet=self._fleet(model.slug, name),
                shows_restricted=self._restricted,
            )
            yield from pair.changes()
        for name, model in before.items():
            if name not in after:
                note = "removed: what was published must keep answering, so a build refuses this"
                yield replace(self._whole(model, name, Effect.NONE, note), passports=0)

    def _restricted_of(self, content: Content, slug: str) -> tuple[RestrictedElements, ...]:
        parts = (part for part in content.restricted if part.model == slug)
        return tuple(part for part in parts if (slug, part.group) not in self._unseen)

    def _of_events(self, old: Content, new: Content) -> Iterator[Change]:
        pair = LivesPair(
            before=old.lives(self._day),
            after=new.lives(self._day),
            sees_conditions=not self._is_root_away,
            due=self._due,
        )
        yield from event_changes(pair, new, restricted=self._restricted)

    def _fleet(self, slug: str, name: str) -> Fleet:
        return Fleet(
            has_passport=name in self._due.with_passports,
            by_plant={p: n for (model, p), n in self._due.batteries.items() if model == slug},
        )

    def _naming(self, operator: str) -> int:
        """How many passports name an operator: those of its models and of their batteries."""
        fleets = (
            self._fleet(model.slug, name)
            for model, name in names_of_models(self._after.content)
            if operator in (model.manufacturer, model.operator)
        )
        return sum(fleet.passports() for fleet in fleets)

    def _whole(self, model: BatteryModel, name: str, effect: Effect, note: str) -> Change:
        has_passport = name in self._due.with_passports
        return Change(
            reader=Reader.LAW,
            subject=f"model {model.slug}",
            what=model.name,
            note=note,
            group=Group.PUBLIC,
            effect=effect if has_passport else Effect.NONE,
            passports=int(has_passport),
            sensitive=True,
        )
