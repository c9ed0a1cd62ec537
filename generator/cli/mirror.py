"""`cellfolio mirror`: a verified copy of a published site, kept up to date."""

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from generator.cli.copies import at_option
from generator.cli.fork_evidence import EvidenceFolder, evidence_option
from generator.cli.main import Workspace
from generator.content.config import CONFIG_NAME, read_config
from generator.content.deploy_settings import S3_SCHEME, DeploySettings
from generator.publish.bag import BagReport, payload_of, write_bag
from generator.publish.folder import require_finished
from generator.publish.mirror import mirror
from generator.publish.mirror_fetch import MirrorReport
from generator.publish.mirror_state import require_whole
from generator.publish.target import Target, lies_in, open_target, target_settings
from generator.read.https import SEALED_LIMITS
from generator.read.sources import FolderSource, Origins, Source, parse_copies, parse_source
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError

_PAYLOAD = "data"
_MIB = 1 << 20


@click.command()
@click.argument("source")
@click.argument("dest")
@click.option(
    "--repair", is_flag=True, help="Read every file of the mirror too, and mend what was damaged."
)
@click.option("--bagit", "as_bag", is_flag=True, help="Keep the mirror as a BagIt bag (RFC 8493).")
@evidence_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    source: str,
    dest: str,
    *,
    repair: bool,
    as_bag: bool,
    evidence: EvidenceFolder,
    copies: tuple[str, ...],
    as_json: bool,
) -> None:
    """Mirror the site at SOURCE into DEST, verified, and only what changed.

    SOURCE is a site's URL, a bucket (s3://BUCKET/PREFIX), a folder or a bag; DEST a folder or a
    bucket. No key and no project is needed. Each file is hashed against the signed manifest before
    it is kept, and a mirror is never replaced by an older or forked site. A run that was
    interrupted leaves the mirror as it was, or is finished by the next; no URL is ever deleted.

    \b
    Example: cellfolio mirror https://id.example.com /srv/mirror
    Example: cellfolio mirror s3://passports /srv/archive --bagit
    """
    settings = _settings(workspace.project)
    target = _target(dest, settings, workspace.project, as_bag=as_bag)
    found, expected = open_source(source, settings, copies)
    _refuse_same_place(source, target)
    with click.progressbar(length=1, label="mirroring files", file=sys.stderr) as bar:

        def after_file(count: int, of: int) -> None:
            bar.length = of
            bar.update(count)

        report = mirror(
            found,
            target,
            datetime.now(UTC),
            evidence.keep,
            expected=expected,
            repair=repair,
            after_file=after_file,
        )
    bag = _bag(Path(dest), report) if as_bag else None
    click.echo(json.dumps(_json(dest, report, bag)) if as_json else _text(dest, report, bag))


def open_source(
    text: str, settings: DeploySettings | None, copies: tuple[str, ...] = ()
) -> tuple[Source, BaseUrl | None]:
    """Open a site, and return the address that it must be of, if one was named.

    `ConfigError` for what is none; a site that is half written or half deployed is refused.
    """
    if text.startswith(S3_SCHEME):
        target = open_target(target_settings(text, settings), Path(), os.environ)
        require_whole(target.objects)
        return target.source, None
    if text.startswith("http://"):
        return parse_source(text), None
    if text.startswith("https://"):
        try:
            site = BaseUrl(text.removesuffix("/"))
        except IdentifierError as error:
            raise ConfigError(error.message, error.remedy) from error
        return Origins(parse_copies(copies)).within(SEALED_LIMITS).source(str(site)), site
    folder = payload_of(Path(text))
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {text!r}", "name a folder, a bucket or a URL")
    require_finished(folder)
    return FolderSource(FolderStore(folder)), None


def _settings(project: Path) -> DeploySettings | None:
    """What a project says of its store; whoever mirrors another's site has no project."""
    return read_config(project).deploy if (project / CONFIG_NAME).is_file() else None


def _target(dest: str, settings: DeploySettings | None, project: Path, *, as_bag: bool) -> Target:
    if dest.startswith(S3_SCHEME):
        if as_bag:
            raise ConfigError("a bag is a folder, not a bucket", "name a folder as DEST")
        named = replace(target_settings(dest, settings), cloudfront="")
        return open_target(named, project, os.environ)
    folder = Path(dest).absolute()
    is_bag = (folder / "bagit.txt").is_file()
    if is_bag and not as_bag:
        raise ConfigError(f"{dest} is a bag", "write --bagit, so that it stays one")
    return open_target(
        DeploySettings(url=str(folder / _PAYLOAD if as_bag else folder)), project, {}
    )


def _refuse_same_place(source: str, target: Target) -> None:
    is_below = f"{target.name.rstrip('/')}/".startswith(f"{source.rstrip('/')}/")
    if is_below or lies_in(target, payload_of(Path(source))):
        raise ConfigError(f"{source} would be mirrored into itself", "name another DEST")


def _bag(folder: Path, report: MirrorReport) -> BagReport:
    info = {
        "External-Identifier": str(report.site.base_url),
        "External-Description": "Battery passports as signed static files, with their log",
        "Bag-Software-Agent": f"cellfolio {version('cellfolio')}",
    }
    return write_bag(folder, info, datetime.now(UTC).date())


def _text(dest: str, report: MirrorReport, bag: BagReport | None) -> str:
    site = report.site
    what = "first copy" if report.is_first else "verified and up to date"
    lines = [
        f"{dest}: {what}, {site.base_url} as published {site.time}",
        f"{_counts(report)}; log of {site.log.checkpoint.size} entries",
    ]
    if report.finished_earlier:
        lines.append("an earlier run that was interrupted was finished first")
    if bag is not None:
        lines.append(f"a bag of {bag.files} files: sha256sum --check manifest-sha256.txt")
    return "\n".join(lines)


def _counts(report: MirrorReport) -> str:
    return (
        f"{report.added} files added, {report.replaced} replaced, {report.unchanged} unchanged, "
        f"{report.fetched_bytes / _MIB:.1f} MiB fetched"
    )


def _json(dest: str, report: MirrorReport, bag: BagReport | None) -> dict[str, object]:
    site = report.site
    return {
        "dest": dest,
        "baseUrl": str(site.base_url),
        "issuer": site.issuer.did,
        "published": site.time,
        "logSize": site.log.checkpoint.size,
        "files": site.files,
        "first": report.is_first,
        "finishedEarlier": report.finished_earlier,
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "fetchedBytes": report.fetched_bytes,
        "bagFiles": bag.files if bag else None,
    }
