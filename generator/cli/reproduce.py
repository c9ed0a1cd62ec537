"""`cellfolio reproduce`: whether a published site is what this content makes of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.build.plan import make_plan
from generator.build.previous import PreviousSite, read_previous
from generator.build.reproduce import Reproduction, reproduce
from generator.cli.report import problems_on_stderr
from generator.cli.verify import paths_in
from generator.content.check import checked_content
from generator.content.config import read_config
from generator.content.revision import Revision, read_revision
from generator.keys.choose import public_issuer_of
from generator.keys.issuer import Issuer
from generator.publish.folder import require_finished
from generator.read.site import verify_site
from generator.read.sources import Source, parse_source
from passport.base_url import BaseUrl
from passport.encoding.timestamp import time_text
from passport.errors import ContentError, VerificationError
from passport.problems import Problem


@click.command()
@click.argument("site")
@click.option(
    "--from",
    "content",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder, at the commit that the site was built from.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(site: str, content: Path, *, as_json: bool) -> None:
    """Reproduce SITE, a folder or a URL, from its content, without any private key.

    The site is verified; then all but what only its issuer can make is built again and compared.
    Lists what was taken as it is. Exit code 4 names the first difference.

    \b
    Example: cellfolio reproduce https://id.example.com --from my-site
    """
    source = parse_source(site)
    base_url = read_config(content).base_url
    _check_genuine(site, source, base_url)
    with problems_on_stderr():
        revision, previous, made = _reproduce(source, content)
    click.echo(json.dumps(_json(made, previous, revision)) if as_json else _text(made))
    if previous.index is not None and previous.index.get("commit") != revision.commit:
        click.echo(f"cellfolio: {_other_commit(previous, revision)}", err=True)
    if made.difference is not None:
        raise VerificationError(
            f"{made.difference.path}: {made.difference.what}",
            "the site was built from other content, by another version, or was changed",
        )


def _check_genuine(site: str, source: Source, base_url: BaseUrl) -> None:
    folder = Path(site)
    present = None
    if folder.is_dir():
        require_finished(folder)
        present = paths_in(folder)
    report = verify_site(source, present, datetime.now(UTC), expected=base_url)
    if not report.is_genuine:
        failed = ", ".join(check.name for check in report.checks if check.failed)
        raise VerificationError(f"{site} is not genuine", f"failed checks: {failed}")


def _reproduce(source: Source, project: Path) -> tuple[Revision, PreviousSite, Reproduction]:
    """Build as of the commit or, if that is not it, as of when the site was last signed.

    A build is dated by the later of the two, but a refresh signs a site that was built long before,
    and what content must say depends on the day.
    """
    config, revision = read_config(project), read_revision(project)
    issuer = public_issuer_of(
        config.base_url, config.keys, project, datetime.now(UTC), brokers=config.brokers
    )
    previous = read_previous(source, issuer)
    assert previous.signed is not None, "a site that was verified has a manifest"
    times = sorted({min(revision.time, previous.signed), previous.signed})
    differing: list[Reproduction] = []
    problems: tuple[Problem, ...] = ()
    for time in times:
        try:
            made = _at(time, project, revision, issuer, previous)
        except ContentError as error:
            problems = problems or error.problems
            continue
        if made.difference is None:
            return revision, previous, made
        differing.append(made)
    if not differing:
        raise ContentError(problems)
    return revision, previous, differing[0]


def _at(
    time: datetime, project: Path, revision: Revision, issuer: Issuer, previous: PreviousSite
) -> Reproduction:
    content = checked_content(project, time.date())
    plan = make_plan(content, replace(revision, time=time))
    return reproduce(plan, issuer, previous, project, time)


def _other_commit(previous: PreviousSite, revision: Revision) -> str:
    built = previous.index.get("commit") if previous.index else ""
    here = revision.commit or "a folder with uncommitted changes, or outside Git"
    return f"the site was built from {built or 'no commit'}, this is {here}"


def _text(made: Reproduction) -> str:
    lines = [f"rebuilt and equal: {made.rebuilt} files", "taken from the site as they are:"]
    lines += [f"  {count:>7}  {what}" for what, count in made.taken.items()]
    lines.append("reproduced" if made.difference is None else "not reproduced")
    return "\n".join(lines)


def _json(made: Reproduction, previous: PreviousSite, revision: Revision) -> dict[str, object]:
    difference = made.difference
    return {
        "reproduced": difference is None,
        "rebuilt": made.rebuilt,
        "taken": {str(what): count for what, count in made.taken.items()},
        "difference": difference and {"path": difference.path, "what": difference.what},
        "signed": time_text(previous.signed) if previous.signed else None,
        "siteCommit": previous.index.get("commit") if previous.index else "",
        "contentCommit": revision.commit,
    }
