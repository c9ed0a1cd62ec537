"""`cellfolio show`: the version of a passport that was current at a date."""

import json
from datetime import UTC, datetime, time

import click

from generator.cli.listing import Listing
from generator.cli.main import Workspace
from generator.read.data_points import COLUMNS, data_point_rows
from generator.read.passport import Verdict
from generator.read.sources import parse_source
from generator.read.versions import ShownVersion, find_product, version_at
from passport.credential import log_index_of
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import ConfigError, PassportError, VerificationError
from passport.values import parse_date


@click.command()
@click.argument("product")
@click.option(
    "--at",
    "moment",
    metavar="DATE",
    help="A day, which means its end in UTC, or a time as 2026-11-22T09:30:00Z; default: now.",
)
@click.option("--site", metavar="DIR|URL", help="The site that has it; default: site/.")
@click.option("--language", default="en", help="Language of labels and texts; default: en.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    product: str,
    moment: str | None,
    site: str | None,
    language: str,
    *,
    as_json: bool,
) -> None:
    """Show which version of a passport was current at a date, once it is verified.

    PRODUCT is a product URI, its path or a dppId. Exit code 4 means not genuine, or withdrawn.

    \b
    Example: cellfolio show /01/09506000134352/21/T48L2611-0001 --at 2026-12-24
    """
    source = parse_source(site or str(workspace.project / "site"))
    uri = find_product(product, source)
    shown = version_at(uri, source, datetime.now(UTC), None if moment is None else _end(moment))
    if as_json:
        click.echo(json.dumps(_json(shown), ensure_ascii=False))
    else:
        rows = tuple(data_point_rows(shown.report.passport.subject, language))
        table = Listing(noun="data_points", columns=COLUMNS, rows=rows)
        click.echo(f"{_header(shown)}\n\n{table.render('text')}", nl=False)
    if shown.report.verdict is Verdict.WITHDRAWN:
        raise VerificationError(f"this version of {uri} is withdrawn", "do not rely on it")


def _end(text: str) -> datetime:
    try:
        if "T" in text:
            return parse_time(text)
        return datetime.combine(parse_date(text), time(23, 59, 59), UTC)
    except PassportError as error:
        raise ConfigError(f"--at: {error.message}", error.remedy) from error


def _header(shown: ShownVersion) -> str:
    passport = shown.report.passport
    until = time_text(shown.valid_to) if shown.valid_to else "now"
    lines = [
        f"product  {passport.uri}",
        f"version  {passport.version} of {shown.latest}",
        f"current  {time_text(shown.valid_from)} to {until}",
        f"signed   {time_text(passport.proof.created)} with {passport.proof.method.id}",
        f"log      entry {log_index_of(passport.proof.document)}",
    ]
    if shown.reason:
        lines.append(f"reason   {shown.reason}")
    if shown.commit:
        lines.append(f"commit   {shown.commit}")
    why = f": {shown.report.why}" if shown.report.why else ""
    return "\n".join((*lines, f"verdict  {shown.report.verdict}{why}"))


def _json(shown: ShownVersion) -> dict[str, object]:
    passport = shown.report.passport
    return {
        "product": str(passport.uri),
        "version": passport.version,
        "latest": shown.latest,
        "validFrom": time_text(shown.valid_from),
        "validTo": time_text(shown.valid_to) if shown.valid_to else None,
        "signed": time_text(passport.proof.created),
        "key": passport.proof.method.id,
        "logIndex": log_index_of(passport.proof.document),
        "reason": shown.reason,
        "commit": shown.commit,
        "verdict": shown.report.verdict,
        "why": shown.report.why,
        "subject": passport.subject,
    }
