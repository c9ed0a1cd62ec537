"""Choosing batteries: the filters and words that commands about several batteries share.

Knows rows of lots and what they show in lists, not what a command does with them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, TypeVar

import click

from generator.content.config import SiteConfig
from generator.content.load import Content
from passport.gs1 import Gtin
from passport.identifier_mapping import identifier_mapping
from passport.identifiers import ProductUri
from passport.model import Battery, BatteryModel, battery_key
from passport.retention import UNTIL_RECYCLED, retention

COLUMNS = (
    "serial",
    "model",
    "plant",
    "manufactured",
    "placed_on_market",
    "installation",
    "lot",
    "product_uri",
    "model_number",
    "gtin",
    "plant_name",
    "identifier_issuer",
    "iso15459",
    "created_on",
    "lifecycle_event",
    "passport_until",
    "declaration_until",
    "promise_until",
)
"""What a row shows, in the order of `BatteryRow.cells`."""
_DAY = click.DateTime(["%Y-%m-%d"])
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which batteries are wanted; what is empty or None wants all."""

    models: Sequence[str]
    plants: Sequence[str]
    lots: Sequence[str]
    installations: Sequence[str]
    placed_from: date | None
    placed_to: date | None
    words: Sequence[str]

    def match(self, row: "BatteryRow") -> bool:
        """Whether a battery passes all filters; a battery without a date passes none on dates."""
        battery, model = row.battery, row.model
        day = battery.placed_on_market
        after = self.placed_from is None or (day is not None and day >= self.placed_from)
        before = self.placed_to is None or (day is not None and day <= self.placed_to)
        return (
            after
            and before
            and _any(self.models, (model.slug, model.model_number, str(model.identifier)))
            and _any(self.plants, (battery.plant, row.plant_name))
            and _any(self.lots, (row.lot,))
            and _any(self.installations, (battery.installation,))
            and self._has_words(row)
        )

    def _has_words(self, row: "BatteryRow") -> bool:
        if not self.words:
            return True
        text = "\n".join(row.cells).casefold()
        return all(word.casefold() in text for word in self.words)


@dataclass(frozen=True, slots=True)
class BatteryRow:
    """One battery with what its row shows."""

    battery: Battery
    model: BatteryModel
    plant_name: str
    config: SiteConfig

    @property
    def lot(self) -> str:
        """The lot's name."""
        return PurePosixPath(self.battery.place.file).stem

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells, in the order of all columns."""
        battery, model = self.battery, self.model
        mapping = identifier_mapping(model, battery)
        clocks = retention(battery.placed_on_market, self.config.retention_years)
        return (
            str(battery.serial),
            model.slug,
            battery.plant,
            str(battery.manufactured),
            _day(battery.placed_on_market),
            battery.installation,
            self.lot,
            str(ProductUri(self.config.base_url, battery_key(model, battery))),
            model.model_number,
            str(model.identifier) if isinstance(model.identifier, Gtin) else "",
            self.plant_name,
            mapping.issuer,
            mapping.iso15459,
            _day(battery.created_on),
            battery.lifecycle_event,
            UNTIL_RECYCLED,
            _day(clocks.declaration_until),
            _day(clocks.promise_until),
        )


def selecting(command: F) -> F:
    """Give a command WORDS and the filters; it takes them as keywords, for `filters_of`."""
    options = (
        click.argument("words", nargs=-1),
        click.option(
            "--model", "models", multiple=True, help="Slug, model number or GTIN; repeatable."
        ),
        click.option(
            "--plant", "plants", multiple=True, help="Slug or name of a plant; repeatable."
        ),
        click.option("--lot", "lots", multiple=True, help="Name of a lot; repeatable."),
        click.option(
            "--installation", "installations", multiple=True, help="As in the column; repeatable."
        ),
        click.option("--placed-from", type=_DAY, help="Placed on the market on this day or later."),
        click.option("--placed-to", type=_DAY, help="Placed on the market on this day or earlier."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filters_of(
    words: tuple[str, ...],
    models: tuple[str, ...],
    plants: tuple[str, ...],
    lots: tuple[str, ...],
    installations: tuple[str, ...],
    placed_from: datetime | None,
    placed_to: datetime | None,
) -> Filters:
    """Make filters of what `selecting` passes."""
    return Filters(
        models=models,
        plants=plants,
        lots=[lot.removesuffix(".csv") for lot in lots],
        installations=installations,
        placed_from=placed_from.date() if placed_from else None,
        placed_to=placed_to.date() if placed_to else None,
        words=words,
    )


def battery_rows(content: Content) -> Iterator[BatteryRow]:
    """The batteries of known models, as content lists them."""
    models = {model.slug: model for model in content.models}
    names = {
        (operator.slug, plant.slug): plant.name
        for operator in content.operators
        for plant in operator.plants
    }
    for battery in content.batteries:
        model = models.get(battery.model)
        if model is not None:
            name = names.get((model.manufacturer, battery.plant), battery.plant)
            yield BatteryRow(battery, model, name, content.config)


def _any(wanted: Sequence[str], names: Sequence[str]) -> bool:
    return not wanted or any(name in wanted for name in names if name)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
