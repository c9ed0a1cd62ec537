"""`cellfolio deploy`: a built site to where the world reads it."""

import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.going_on import anchor_of
from generator.cli.main import Workspace
from generator.cli.report import problems_on_stderr
from generator.content.release import released
from generator.content.revision import read_revision
from generator.keys.choose import public_issuer_of
from generator.publish.deploy import DeployReport, deploy, strangers
from generator.publish.deploy_plan import STAGE_NAMES, DeployPlan, plan_deploy
from generator.publish.edges import invalidate
from generator.publish.folder import require_finished
from generator.publish.lease import FoundState, read_state
from generator.publish.shipment import Shipment, pack
from generator.publish.target import Target, lies_in, open_target, target_settings
from generator.read.sources import FolderSource
from generator.store.anchor import Anchor
from generator.store.folder import FolderStore
from passport.errors import ConfigError

_MOST_LISTED = 20
_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A deploy that is ready to run: nothing was written yet."""

    shipment: Shipment
    target: Target
    found: FoundState | None
    plan: DeployPlan
    strangers: tuple[str, ...]
    anchor: Anchor
    published: bytes
    """What the anchor says now."""


@click.command()
@click.argument("target", required=False)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.option(
    "--plan", "only_plan", is_flag=True, help="Say what would be done, and write nothing."
)
@click.option(
    "--repair", is_flag=True, help="Look at every object of the target, not at its manifest only."
)
@click.option(
    "--delete-strangers",
    "delete",
    is_flag=True,
    help="Delete what lies in the target and can be no URL of any site.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    target: str | None,
    out: Path | None,
    *,
    only_plan: bool,
    repair: bool,
    delete: bool,
    as_json: bool,
) -> None:
    """Deploy a built site to TARGET, a bucket (s3://BUCKET/PREFIX) or a folder.

    Without TARGET it goes where [deploy] in cellfolio.toml says. The site is verified and its
    content must be fit for release. Only what differs is uploaded, in an order in which whoever
    reads meanwhile finds all that he is pointed to. A deploy that was interrupted is finished by
    the same command. No published URL is ever deleted; to go back, build the earlier content again.

    Credentials are those of the AWS tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE
    or the machine's role.

    \b
    Example: cellfolio deploy --plan
    Example: cellfolio deploy s3://passports --json
    """
    with problems_on_stderr():
        ready = prepare(
            workspace.project,
            out or workspace.project / "site",
            target,
            repair=repair,
            delete=delete,
        )
    if only_plan:
        click.echo(json.dumps(_plan_json(ready)) if as_json else _plan_text(ready))
        return
    done = run(ready, repair=repair)
    if not done.has_conditions:
        click.echo(
            f"cellfolio: {ready.target.name} ignores conditional writes: two deploys at once could "
            "mix their files, so see to it that only one runs",
            err=True,
        )
    click.echo(json.dumps(_json(ready, done)) if as_json else _text(ready, done))


def prepare(
    project: Path, out: Path, named: str | None, *, repair: bool = False, delete: bool = False
) -> Prepared:
    """Check that a site may be deployed, verify it, and plan; raises before anything is written."""
    checked = released(project, read_revision(project).time.date())
    config = checked.content.config
    target = open_target(target_settings(named, config.deploy), project, os.environ)
    if lies_in(target, out):
        raise ConfigError(
            f"{target.name} is the site itself or lies in it", "name another folder, or a bucket"
        )
    require_finished(out)
    anchor = anchor_of(project, config)
    published = anchor.read()
    now = datetime.now(UTC)
    issuer = public_issuer_of(config.base_url, config.keys, project, now, brokers=config.brokers)
    source = FolderSource(FolderStore(out))
    shipment = pack(source, issuer, config.base_url, anchor=published)
    found = read_state(target.objects)
    plan = plan_deploy(shipment, target, issuer, config.base_url, found, repair=repair)
    return Prepared(
        shipment=shipment,
        target=target,
        found=found,
        plan=plan,
        strangers=strangers(target, shipment) if delete else (),
        anchor=anchor,
        published=published,
    )


def run(ready: Prepared, *, repair: bool = False) -> DeployReport:
    """Carry a plan out, delete strangers, tell CloudFront, and let the anchor advance."""
    done = _deploy(ready, repair=repair)
    for key in ready.strangers:
        ready.target.objects.delete(key)
    if ready.target.cloudfront:
        # After an interruption nobody knows what an edge has seen.
        invalidate(ready.target.cloudfront, ("/*",) if ready.plan.resumes else done.replaced)
    if ready.shipment.checkpoint != ready.published:
        ready.anchor.advance(ready.published, ready.shipment.checkpoint)
    return done


def _deploy(ready: Prepared, *, repair: bool) -> DeployReport:
    if ready.plan.is_done:
        return DeployReport(written=0, already_there=0, has_conditions=True, replaced=())
    count = len(ready.plan.uploads)
    with click.progressbar(length=count, label="uploading files", file=sys.stderr) as bar:
        return deploy(
            ready.shipment,
            ready.target,
            ready.plan,
            ready.found,
            repair=repair,
            after_upload=lambda _: bar.update(1),
        )


def _plan_json(ready: Prepared) -> dict[str, object]:
    return {
        "target": ready.target.name,
        "first": ready.plan.is_first,
        "resumes": ready.plan.resumes,
        "uploads": [
            {
                "stage": upload.file.stage.name.lower(),
                "key": upload.key,
                "bytes": upload.file.size,
                "new": upload.replaces == "",
                "headers": upload.file.headers,
            }
            for upload in ready.plan.uploads
        ],
        "bytes": ready.plan.bytes,
        "unchanged": ready.plan.unchanged,
        "deletes": list(ready.strangers),
    }


def _plan_text(ready: Prepared) -> str:
    plan = ready.plan
    counts = Counter(upload.file.stage for upload in plan.uploads)
    lines = [f"to {ready.target.name}, in this order:"] if counts else []
    lines += [f"  {counts[stage]:6} {STAGE_NAMES[stage]}" for stage in sorted(counts)]
    lines += [f"         {upload.key}" for upload in plan.uploads[:_MOST_LISTED]]
    if len(plan.uploads) > _MOST_LISTED:
        lines.append(f"         and {len(plan.uploads) - _MOST_LISTED} more")
    lines += [f"  delete {key}" for key in ready.strangers]
    if plan.resumes:
        lines.append("an earlier run began this; it is finished, and what lies there already stays")
    of, size = len(ready.shipment.files), plan.bytes / _MIB
    lines.append(
        f"{len(plan.uploads)} of {of} files to upload ({size:.1f} MiB), {plan.unchanged} are there;"
        " nothing was written"
    )
    return "\n".join(lines)


def _json(ready: Prepared, done: DeployReport) -> dict[str, object]:
    return {
        "target": ready.target.name,
        "written": done.written,
        "alreadyThere": done.already_there,
        "unchanged": ready.plan.unchanged,
        "finishedEarlier": ready.plan.resumes,
        "conditionalWrites": done.has_conditions,
        "deleted": list(ready.strangers),
        "replaced": list(done.replaced),
    }


def _text(ready: Prepared, done: DeployReport) -> str:
    if ready.plan.is_done:
        return f"{ready.target.name} holds this site already: nothing was uploaded"
    earlier = f", {done.already_there} by an earlier run" if done.already_there else ""
    deleted = f", {len(ready.strangers)} strangers deleted" if ready.strangers else ""
    return (
        f"{done.written} files uploaded to {ready.target.name}{earlier}, "
        f"{ready.plan.unchanged} unchanged{deleted}"
    )
