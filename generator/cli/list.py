"""`cellfolio list`: batteries of a project, a delivery list, and how long to keep what."""

from collections.abc import Callable
from typing import Any

import click

from generator.cli.listing import FORMATS, Listing
from generator.cli.main import Workspace
from generator.cli.reading import read_content
from generator.cli.selection import COLUMNS, BatteryRow, battery_rows, filters_of, selecting
from generator.content.load import Content

_TEXT = COLUMNS[:7]
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


@click.command()
@selecting
@click.option("--retention", is_flag=True, help="Add how long what must be kept.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(
    workspace: Workspace,
    /,
    form: str,
    *,
    retention: bool,
    **selection: Any,  # noqa: ANN401 (what `selecting` adds)
) -> None:
    """List batteries, all or those that filters and WORDS choose.

    As CSV it is the delivery list for a purchaser: what is on the label, and when it was placed on
    the market. JSON adds what registers ask: who issues the identifier, its ISO/IEC 15459 spelling,
    and what the source system knows. --retention adds three clocks; none deletes anything: the
    passport lasts until the battery is recycled (Art. 77(8)), the declaration and the technical
    file 10 years from placing on the market (Art. 38), the operator's promise retention_years of
    cellfolio.toml.

    \b
    Example: cellfolio list --model telecom-rack-48v --placed-from 2027-02-18 --format csv
    """
    filters = filters_of(**selection)
    content, error = read_content(workspace.project)
    listing = battery_listing(content, filters.match)
    columns = {"text": _TEXT, "csv": _DELIVERY}.get(form, COLUMNS[:-3])
    shown = listing.only((*columns, *(_CLOCKS if retention else ())))
    click.echo(shown.render(form), nl=False)
    if form == "text":
        click.echo(f"{len(listing.rows)} batter{'y' if len(listing.rows) == 1 else 'ies'}")
    if error:
        raise error


def battery_listing(content: Content, wanted: Callable[[BatteryRow], bool]) -> Listing:
    """List the batteries of known models that are wanted."""
    rows = [row.cells for row in battery_rows(content) if wanted(row)]
    return Listing(noun="batteries", columns=COLUMNS, rows=rows)
