"""`cellfolio refresh`: status lists signed anew, on a schedule, at a given time."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from generator.build.refresh import prepare_refresh
from generator.cli.going_on import start_from
from generator.cli.main import Workspace
from generator.content.config import SiteConfig, read_config
from generator.keys.choose import DEMO
from generator.publish.folder import finish
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import ConfigError, VerificationError
from passport.manifest import INDEX_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What a refresh did, as `--json` prints it."""

    out: str
    time: str
    valid_until: str
    lists: int
    written: int
    unchanged: int
    kept: int
    finished_earlier: bool
    paths: tuple[str, ...]


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.option(
    "--time",
    "moment",
    required=True,
    metavar="TIME",
    help="When it is signed, as 2026-11-22T09:30:00Z; not before the site was last signed.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 36_525),
    help="For how many days the lists are fresh; default: status_days of cellfolio.toml.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace, out: Path | None, moment: str, days: int | None, *, as_json: bool
) -> None:
    """Refresh the status lists of a built site, so that they don't expire.

    Only status lists, the manifest's index and the log are signed anew; passports and pages stay.
    It needs cellfolio.toml, the keys and the site; content/ is not read.

    \b
    Example: cellfolio refresh --time 2027-01-01T00:00:00Z --days 400
    """
    report = refresh(workspace.project, out or workspace.project / "site", _time(moment), days=days)
    click.echo(json.dumps(asdict(report)) if as_json else _summary(report))


def refresh(project: Path, out: Path, time: datetime, *, days: int | None = None) -> RefreshReport:
    """Refresh a site in a folder."""
    config = read_config(project)
    _check_not_ahead(config, time)
    finished_earlier = finish(out)
    source = FolderSource(FolderStore(out))
    if source.get(INDEX_PATH) is None:
        raise ConfigError(f"there is no site in {out}", "build it, or name its folder with --out")
    start = start_from(source, out, project, config)
    fresh_for = days or config.status_days
    prepared = prepare_refresh(start.previous, start.issuer, config.base_url, time, fresh_for)
    done = start.publish(prepared.artifacts())
    return RefreshReport(
        out=str(out),
        time=time_text(time),
        valid_until=time_text(time + timedelta(days=fresh_for)),
        lists=prepared.statuses.count,
        written=done.written,
        unchanged=done.unchanged,
        kept=done.kept,
        finished_earlier=finished_earlier,
        paths=done.paths,
    )


def _time(text: str) -> datetime:
    try:
        return parse_time(text)
    except VerificationError as error:
        raise ConfigError(f"--time: {error.message}", error.remedy) from error


def _check_not_ahead(config: SiteConfig, time: datetime) -> None:
    """What is signed after it would carry at least this date, for ever; a demo can be thrown away.

    A minute is for clocks that differ.
    """
    if config.keys != DEMO and time > datetime.now(UTC) + timedelta(minutes=1):
        raise ConfigError(
            f"{time_text(time)} is still to come: later builds couldn't be dated before it",
            "give the present time",
        )


def _summary(report: RefreshReport) -> str:
    lists = f"{report.lists} status list{'' if report.lists == 1 else 's'}"
    return (
        f"{lists} of {report.out} fresh until {report.valid_until}: "
        f"{report.written} files written, {report.unchanged} unchanged"
    )
