"""Comparing two states of a project: every change, and how many passports it touches.

The counts are of passports, not of lines: a value of a model renews the model's passport and those
of its batteries, each once however many of its values changed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from generator.content.load import Content
from generator.review.change import Change, Effect, Reader, Review
from generator.review.compare_batteries import (
    LivesPair,
    changed_events,
    dpp_id_of,
    event_changes,
    lot_changes,
)
from generator.review.compare_models import Fleet, ModelPair
from generator.review.compare_rest import (
    access_changes,
    evidence_changes,
    file_changes,
    operator_changes,
    settings_changes,
)
from generator.review.snapshot import Snapshot
from passport.model import BatteryModel, RestrictedElements
from passport.registry import Group


def review(before: Snapshot, after: Snapshot, *, restricted: bool = False) -> Review:
    """Compare two states; restricted values stand in it only where they are asked for."""
    found = tuple(_Comparison(before, after, restricted=restricted).changes())
    return Review(
        before=before.name,
        after=after.name,
        changes=found,
        new=sum(change.passports for change in found if change.effect is Effect.NEW),
        renewed=_renewed(found),
        ceased=sum(change.passports for change in found if change.effect is Effect.CEASES),
        reason=after.reason,
    )


def _renewed(changes: tuple[Change, ...]) -> int:
    """Count passports once: a model's public change holds its restricted ones and its rows."""
    by_subject: dict[str, int] = {}
    for change in changes:
        if change.effect is Effect.NEW_VERSION:
            by_subject[change.subject] = max(by_subject.get(change.subject, 0), change.passports)
    return sum(by_subject.values())


class _Comparison:
    """Two contents side by side."""

    def __init__(self, before: Snapshot, after: Snapshot, *, restricted: bool) -> None:
        self._before, self._after = before, after
        self._restricted = restricted
        self._fleet = Counter((b.model, b.plant) for b in before.content.batteries)
        self._models = {model.slug: model for model in after.content.models}

    def changes(self) -> Iterator[Change]:
        """Yield every change: law first where it comes from settings, then content."""
        old, new = self._before.content, self._after.content
        yield from settings_changes(old.config, new.config)
        yield from operator_changes(old.operators, new.operators, self._naming)
        yield from self._of_models(old, new)
        yield from evidence_changes(old.evidence, new.evidence)
        yield from lot_changes(old.batteries, new.batteries)
        yield from self._of_events(old, new)
        yield from access_changes(self._before, self._after)
        yield from file_changes(self._before.files, self._after.files)

    def _of_models(self, old: Content, new: Content) -> Iterator[Change]:
        before = {model.slug: model for model in old.models}
        for slug, model in self._models.items():
            if slug not in before:
                yield _whole(model, Effect.NEW, "added")
                continue
            pair = ModelPair(
                before=before[slug],
                after=model,
                restricted_before=_of(old.restricted, slug),
                restricted_after=_of(new.restricted, slug),
                fleet=self._fleet_of(slug),
                shows_restricted=self._restricted,
            )
            yield from pair.changes()
        for slug, model in before.items():
            if slug not in self._models:
                note = "removed: what was published must keep answering, so a build refuses this"
                yield replace(_whole(model, Effect.NONE, note), passports=0)

    def _of_events(self, old: Content, new: Content) -> Iterator[Change]:
        changed = tuple(changed_events(old.events, new.events))
        if not changed:
            return
        models = self._models
        named = set(changed)
        batteries = {
            name: battery
            for battery in new.batteries
            if battery.model in models
            and (name := dpp_id_of(models[battery.model], battery)) in named
        }
        pair = LivesPair(
            before=old.lives(self._before.day),
            after=new.lives(self._after.day),
            models=models,
            batteries=batteries,
        )
        yield from event_changes(pair, changed, restricted=self._restricted)

    def _fleet_of(self, slug: str) -> Fleet:
        found = {plant: n for (model, plant), n in self._fleet.items() if model == slug}
        return Fleet(model=slug, by_plant=found)

    def _naming(self, operator: str) -> int:
        """How many passports name an operator: those of its models and of their batteries."""
        slugs = {m.slug for m in self._models.values() if operator in (m.manufacturer, m.operator)}
        return len(slugs) + sum(n for (model, _), n in self._fleet.items() if model in slugs)


def _whole(model: BatteryModel, effect: Effect, note: str) -> Change:
    return Change(
        reader=Reader.LAW,
        subject=f"model {model.slug}",
        what=model.name,
        note=note,
        group=Group.PUBLIC,
        effect=effect,
        passports=1,
        sensitive=True,
    )


def _of(parts: tuple[RestrictedElements, ...], slug: str) -> tuple[RestrictedElements, ...]:
    return tuple(part for part in parts if part.model == slug)
