"""`cellfolio export`: one passport as JSON or as a table."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from generator.build.export import COLUMNS, ExportTable, find_passport
from generator.build.issue import passport_subject
from generator.build.pages.assets import document_urls, published_documents
from generator.build.plan import PassportPlan, make_plan
from generator.cli.listing import Listing
from generator.cli.main import Workspace
from generator.cli.report import problems_on_stderr
from generator.content.check import checked_content
from generator.content.revision import read_revision
from generator.store.folder import FolderStore
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.errors import VerificationError
from passport.subject import subject_json


@click.command()
@click.argument("passport")
@click.option(
    "--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True
)
@click.option("--language", help="Language of labels and texts in the table; default: the site's.")
@click.pass_obj
def command(workspace: Workspace, passport: str, form: str, language: str | None) -> None:
    """Export one passport as JSON or as a table of its data points.

    PASSPORT is a serial, a dppId or a product URI (or its path). Restricted values are not in it.

    \b
    Example: cellfolio export T48L2611-0001 --format csv
    """
    with problems_on_stderr():
        click.echo(export(workspace.project, passport, form, language), nl=False)


def export(project: Path, name: str, form: str, language: str | None = None) -> str:
    """Return a passport as text; raises `ContentError` for content that can't be built."""
    revision = read_revision(project)
    content = checked_content(project, revision.time.date())
    plan = make_plan(content, revision)
    passport = find_passport(plan, name)
    published = published_documents((passport.model,), project)
    documents = document_urls(published, content.config.base_url)
    if form == "csv":
        rows = tuple(ExportTable(language or content.config.language, documents).rows(passport))
        return Listing(noun="data_points", columns=COLUMNS, rows=rows).render("csv")
    built = FolderStore(project / "site").get(passport.json_path.lstrip("/"))
    subject = _dated(passport, documents, revision.time, built)
    return json.dumps(subject, ensure_ascii=False, indent=2) + "\n"


def _dated(
    plan: PassportPlan, documents: Mapping[str, str], time: datetime, published: bytes | None
) -> JsonObject:
    """Return the subject with the date of the built site's passport where that says the same."""
    try:
        earlier = object_of(parse_object(published or b""), "credentialSubject")
        kept = passport_subject(plan, parse_time(text_of(earlier, "lastUpdate")))
    except VerificationError:
        earlier, kept = {}, passport_subject(plan, time)
    if (same := subject_json(kept, documents)) == earlier:
        return same
    return subject_json(passport_subject(plan, time), documents)
