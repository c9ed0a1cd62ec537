"""`cellfolio list`: batteries of a project, a delivery list, and how long to keep what."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

import click

from generator.cli.listing import FORMATS, Listing
from generator.cli.main import Workspace
from generator.cli.reading import read_content
from generator.content.config import SiteConfig
from generator.content.load import Content
from passport.identifier_mapping import identifier_mapping
from passport.identifiers import Gtin, ProductUri
from passport.model import Battery, BatteryModel, battery_key
from passport.retention import UNTIL_RECYCLED, retention

_COLUMNS = (
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
_TEXT = _COLUMNS[:7]
_DELIVERY = (
    "serial",
    "product_uri",
    "model_number",
    "gtin",
    "plant_name",
    "manufactured",
    "placed_on_market",
)
_CLOCKS = ("passport_until", "declaration_until", "promise_until")
_DAY = click.DateTime(["%Y-%m-%d"])


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


@click.command()
@click.argument("words", nargs=-1)
@click.option("--model", "models", multiple=True, help="Slug, model number or GTIN; repeatable.")
@click.option("--plant", "plants", multiple=True, help="Slug or name of a plant; repeatable.")
@click.option("--lot", "lots", multiple=True, help="Name of a lot; repeatable.")
@click.option("--installation", "installations", multiple=True, help="Repeatable.")
@click.option("--placed-from", type=_DAY, help="Placed on the market on this day or later.")
@click.option("--placed-to", type=_DAY, help="Placed on the market on this day or earlier.")
@click.option("--retention", is_flag=True, help="Add how long what must be kept.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (one an option)
    workspace: Workspace,
    words: tuple[str, ...],
    models: tuple[str, ...],
    plants: tuple[str, ...],
    lots: tuple[str, ...],
    installations: tuple[str, ...],
    placed_from: datetime | None,
    placed_to: datetime | None,
    form: str,
    *,
    retention: bool,
) -> None:
    """List batteries, all or those that filters and WORDS choose.

    As CSV it is the delivery list for a purchaser: what is on the label, and when it was placed on
    the market. JSON adds what registers ask: who issues the identifier, its ISO/IEC 15459 spelling,
    and what the source system knows. --retention adds three clocks; none deletes anything: the
    passport lasts until the battery is recycled (Art. 77(8)), the declaration and the technical
    file 10 years from placing on the market (Art. 38(5)), the operator's promise retention_years of
    cellfolio.toml.

    \b
    Example: cellfolio list --model telecom-rack-48v --placed-from 2027-02-18 --format csv
    """
    filters = Filters(
        models=models,
        plants=plants,
        lots=[lot.removesuffix(".csv") for lot in lots],
        installations=installations,
        placed_from=placed_from.date() if placed_from else None,
        placed_to=placed_to.date() if placed_to else None,
        words=words,
    )
    content, error = read_content(workspace.project)
    listing = battery_listing(content, filters.match)
    columns = {"text": _TEXT, "csv": _DELIVERY}.get(form, _COLUMNS[:-3])
    shown = listing.only((*columns, *(_CLOCKS if retention else ())))
    click.echo(shown.render(form), nl=False)
    if form == "text":
        click.echo(f"{len(listing.rows)} batter{'y' if len(listing.rows) == 1 else 'ies'}")
    if error:
        raise error


def battery_listing(content: Content, wanted: Callable[[BatteryRow], bool]) -> Listing:
    """List the batteries of known models that are wanted."""
    rows = [row.cells for row in _rows(content) if wanted(row)]
    return Listing(noun="batteries", columns=_COLUMNS, rows=rows)


def _rows(content: Content) -> Iterator[BatteryRow]:
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
