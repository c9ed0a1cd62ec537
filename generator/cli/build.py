"""`cellfolio build`: content in, a site out."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import click

from generator.build.leaks import LeakScan
from generator.build.log import with_earlier_tiles
from generator.build.pages.theme import find_theme
from generator.build.plan import make_plan
from generator.build.preview import FOLDER, check_folder, preview_of
from generator.build.sealing import Restricted
from generator.build.site import Site, prepare_site
from generator.cli.going_on import Start, start_from
from generator.cli.key_ring import key_folder
from generator.cli.main import Workspace
from generator.cli.progress import progress
from generator.cli.report import problems_on_stderr, unseen_line
from generator.content.check import checked_content
from generator.content.config import SiteConfig
from generator.content.deploy_settings import S3_SCHEME
from generator.content.load import Content
from generator.content.revision import Revision, read_revision, require_signed
from generator.keys.choose import DEMO
from generator.keys.group_sources import group_keys_of
from generator.keys.groups import GroupKeys
from generator.keys.to_log import append, to_log
from generator.publish.folder import PublishReport, finish
from generator.publish.mirror_state import require_whole
from generator.publish.target import open_target, target_settings
from generator.read.sources import FolderSource, Source, parse_source
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.encoding.multibase import digest_multibase
from passport.errors import ConfigError, IdentifierError, failing
from passport.log.checkpoint import parse_checkpoint
from passport.log.entry import EntryType, LogEntry

_DEPLOYED = "deployed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did, as `--json` prints it."""

    out: str
    passports: int
    new_versions: int
    written: int
    unchanged: int
    kept: int
    finished_earlier: bool
    paths: tuple[str, ...]

    @classmethod
    def of(cls, site: Site, done: PublishReport, out: Path, *, finished_earlier: bool) -> Self:
        """Put together what was planned and what was written."""
        return cls(
            out=str(out),
            passports=site.passports,
            new_versions=len(site.versions.due),
            written=done.written,
            unchanged=done.unchanged,
            kept=done.kept,
            finished_earlier=finished_earlier,
            paths=done.paths,
        )


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.option(
    "--previous",
    metavar="DIR|URL|deployed",
    help="The site that was last published, s3://BUCKET too, or `deployed` for where [deploy] in "
    "cellfolio.toml says; default: the output folder.",
)
@click.option("--genesis", is_flag=True, help="Begin the site's log, once; needed with own keys.")
@click.option(
    "--require-signed-commits",
    "signed",
    is_flag=True,
    help="Refuse content that is no commit with a signature that Git trusts.",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="Build a preview for this reserved address, such as https://preview.invalid.",
)
@click.option(
    "--audit-checkpoint",
    "audits",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A broker's, to be entered into the log; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    out: Path | None,
    previous: str | None,
    base_url: str | None,
    audits: tuple[Path, ...],
    *,
    genesis: bool,
    signed: bool,
    as_json: bool,
) -> None:
    """Build the site from content/.

    Content with errors changes nothing. What the previous site has is verified and built on: only
    passports that say something new get a new version, and only files that differ are written. A
    build that was interrupted is finished first.

    With --base-url it is a preview, by default in preview/: pages without a code that say what they
    are, signed with the demo's keys, nothing restricted in them.

    \b
    Example: cellfolio build --out site
    Example: cellfolio build --previous https://id.example.com
    Example: cellfolio build --previous s3://passports
    Example: cellfolio build --base-url https://preview.invalid
    """
    with problems_on_stderr():
        report = build(
            workspace.project,
            out or workspace.project / (FOLDER if base_url else "site"),
            preview=_preview_url(base_url, previous, genesis=genesis),
            previous=previous,
            genesis=genesis,
            signed=signed,
            audits=audits,
        )
    click.echo(json.dumps(asdict(report)) if as_json else _summary(report))


def build(
    project: Path,
    out: Path,
    *,
    preview: BaseUrl | None = None,
    previous: str | None = None,
    genesis: bool = False,
    signed: bool = False,
    audits: tuple[Path, ...] = (),
) -> BuildReport:
    """Build a project into a folder; raises `ContentError` before anything is written.

    With `signed`, content must be a commit with a good signature, or `ConfigError` is raised. With
    `preview` the address of a preview is given. `audits` are checkpoints of brokers' audit logs,
    which enter the site's log.
    """
    revision = read_revision(project)
    if signed:
        require_signed(project, revision)
    content = checked_content(project, revision.time.date())
    if preview is not None:
        check_folder(out, project)
        content = preview_of(content, preview)
    finished_earlier = finish(out)
    config = content.config
    source = _source(previous, out, project, config)
    start = start_from(source, out, project, config, genesis=genesis)
    for line in _notes(content, revision, start):
        click.echo(f"cellfolio: {line}", err=True)
    plan = make_plan(content, revision, start.previous.signed)
    restricted = Restricted.of(content, content.lives(plan.time.date()))
    scan = LeakScan(content, restricted, find_theme(project, config.theme))
    site = prepare_site(
        plan,
        start.issuer,
        _group_keys(project, config),
        Restricted.blank() if config.is_preview else restricted,
        start.previous,
        project,
        _to_log(project, config, audits),
        watch=scan.own,
    )
    made = site.artifacts()
    if previous is not None:
        made = with_earlier_tiles(made, start.previous, config.base_url, start.issuer)
    artifacts = scan.through(made)
    done = start.publish(progress(artifacts, site.passports, "building passports"))
    return BuildReport.of(site, done, out, finished_earlier=finished_earlier)


def _notes(content: Content, revision: Revision, start: Start) -> Iterator[str]:
    """What somebody who builds should know, and what doesn't stop them."""
    if line := unseen_line(content):
        yield line
    if content.config.keys == DEMO:
        return
    if content.config.base_url.is_real and not revision.commit:
        yield "the content is no commit, so nobody can build the same site again: commit it"
    if start.previous.index is not None and not start.published:
        yield "the anchor holds nothing yet, so it does not show whether the site was rolled back"


def _group_keys(project: Path, config: SiteConfig) -> GroupKeys | None:
    keys = group_keys_of(config.base_url, config.keys, project, os.environ)
    if keys is None:
        click.echo("cellfolio: no group keys here, so sealed files are carried over", err=True)
    return keys


def _preview_url(text: str | None, previous: str | None, *, genesis: bool) -> BaseUrl | None:
    if text is None:
        return None
    if previous is not None or genesis:
        raise ConfigError(
            "a preview goes on from nothing", "leave --previous and --genesis out with --base-url"
        )
    try:
        return BaseUrl(text)
    except IdentifierError as error:
        raise ConfigError(f"--base-url: {error.message}", error.remedy) from error


def _to_log(project: Path, config: SiteConfig, audits: tuple[Path, ...]) -> tuple[LogEntry, ...]:
    if config.is_preview:
        return ()
    folder = key_folder(project, config)
    for path in audits:
        note = path.read_bytes()
        with failing(f"audit checkpoint {path}"):
            parse_checkpoint(note)
        append(folder, EntryType.AUDIT, digest_multibase(note))
    return to_log(folder)


def _source(previous: str | None, out: Path, project: Path, config: SiteConfig) -> Source:
    if previous is None:
        return FolderSource(FolderStore(out))
    if previous != _DEPLOYED and not previous.startswith(S3_SCHEME):
        return parse_source(previous)
    named = None if previous == _DEPLOYED else previous
    target = open_target(target_settings(named, config.deploy), project, os.environ)
    require_whole(target.objects)
    return target.source


def _summary(report: BuildReport) -> str:
    return (
        f"{report.passports} passports in {report.out}, {report.new_versions} in a new version: "
        f"{report.written} files written, "
        f"{report.unchanged} unchanged, {report.kept} carried over"
    )
