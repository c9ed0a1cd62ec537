"""`cellfolio adopt`: a mirror, and the escrowed keys, go on with whoever comes after."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.adopt_report import AdoptReport, report_json, report_text, steps_text
from generator.cli.escrowed import keys_option
from generator.cli.fork_evidence import EvidenceFolder
from generator.cli.main import Workspace
from generator.cli.verify import paths_in
from generator.content.deploy_settings import DeploySettings
from generator.publish.adoption import (
    BrokerPlan,
    bundle_without_clients,
    inherited_bundle,
    write_broker,
    write_text,
)
from generator.publish.bag import check_bag, payload_of
from generator.publish.hosts import nginx_snippet
from generator.publish.mirror import finish, mirror
from generator.publish.mirror_source import SiteState, read_state
from generator.publish.mirror_state import Phase, read_mirror
from generator.publish.target import lies_in, open_target
from generator.read.openable import Openable, try_keys
from generator.read.site import verify_site
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from passport.access.bundle import Bundle
from passport.base_url import BaseUrl
from passport.broker_address import brokers_of
from passport.errors import ConfigError, PublishError, VerificationError
from passport.sealing.escrow import EscrowedKey
from passport.signing.ed25519 import PublicKey

_LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the successor was given."""

    folder: Path
    """The site's files."""
    keys: tuple[EscrowedKey, ...]
    state: SiteState


@click.command()
@click.argument(
    "mirror_folder",
    metavar="MIRROR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@keys_option("can be repeated")
@click.option(
    "--bundle",
    "bundle_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The operator's last bundle, for its clients; default: the published policy, no clients.",
)
@click.option(
    "--bundle-key",
    default="",
    metavar="z6Mk…",
    help="The key that brokers pinned, for a bundle that the log doesn't hold.",
)
@click.option(
    "--broker",
    default="",
    metavar="URL",
    help="The new broker's address; default: that of the first one that the issuer named.",
)
@click.option(
    "--valid-days",
    type=click.IntRange(1, _LONGEST_DAYS),
    default=90,
    show_default=True,
    help="For how long the broker may release keys by the new bundle.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to set up; without it nothing is written.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    _workspace: Workspace,
    mirror_folder: Path,
    keys: tuple[EscrowedKey, ...],
    bundle_file: Path | None,
    bundle_key: str,
    broker: str,
    valid_days: int,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Adopt a MIRROR as successor or back-up provider, with the escrowed keys if there are any.

    MIRROR, a folder or a bag (a bucket is mirrored to a folder first), is verified to its last
    file, and each sealed file is opened whose key is given. That is all, and a rehearsal, without
    --out. With it, a folder is set up with the files to serve under the old name, and with a broker
    that has the escrowed keys. Called again it brings that folder up to date and signs a fresh
    bundle. No key of the issuer is needed, and none is made: no passport is issued by this.

    \b
    Example: cellfolio adopt mirror --keys xiii-2.json --keys xiii-4.json
    Example: cellfolio adopt mirror --keys xiii-2.json --bundle bundle.json --out successor
    """
    now = datetime.now(UTC).replace(microsecond=0)
    folder = _whole(mirror_folder, now, may_write=out is not None)
    given = _Given(
        folder=folder, keys=keys, state=read_state(FolderSource(FolderStore(folder)), now)
    )
    tried = _tried(given)
    plan = _plan(given, broker, bundle_file, bundle_key, now) if keys else None
    bundle = plan.bundle if plan else None
    if out is not None:
        bundle = _set_up(out, given, plan, now, valid_days)
    report = _report(given, tried, plan, bundle, out)
    if out is not None:
        write_text(out / "README.md", steps_text(report))
    click.echo(json.dumps(report_json(report)) if as_json else report_text(report))
    if tried.failed:
        raise VerificationError(
            f"{tried.failed} sealed files do not open with the keys given",
            "ask for the right escrow file: these keys bear the name, and are others",
        )


def _report(
    given: _Given, tried: Openable, plan: BrokerPlan | None, bundle: Bundle | None, out: Path | None
) -> AdoptReport:
    return AdoptReport(
        state=given.state,
        keys=tuple(key.key_id for key in given.keys),
        tried=tried,
        named=tuple(str(each.url) for each in brokers_of(given.state.issuer.members)),
        broker=str(plan.url) if plan else "",
        bundle=bundle,
        out=out,
    )


def _whole(mirror_folder: Path, now: datetime, *, may_write: bool) -> Path:
    """Return the files of a mirror once all of it holds; `VerificationError` otherwise."""
    folder = payload_of(mirror_folder)
    if folder != mirror_folder:
        check_bag(mirror_folder)
    target = open_target(_folder(folder), Path(), {})
    lease = read_mirror(target.objects)
    if lease is not None and lease.state.phase is Phase.PLACING:
        if not may_write:
            raise PublishError(
                f"{folder} was left while a newer state was put in place, and all of it is there",
                "run this with --out, which finishes it first",
            )
        finish(target, lease)
    report = verify_site(FolderSource(FolderStore(folder)), paths_in(folder), now)
    failed = [check for check in report.checks if check.failed]
    if failed:
        first = failed[0].failures[0]
        raise VerificationError(
            f"{folder} is not genuine: {first.where}: {first.message}",
            f"ask for another copy; `cellfolio verify {folder}` has all of it",
            check=", ".join(check.name for check in failed),
        )
    return folder


def _tried(given: _Given) -> Openable:
    """Try the keys on every sealed file."""
    sealed = [
        file.path
        for part in given.state.shards
        for file in given.state.listed(part)
        if file.cache == "sealed"
    ]
    macs = {key.key_id: key.key.mac for key in given.keys}
    with click.progressbar(length=len(sealed), label="opening files", file=sys.stderr) as bar:
        return try_keys(given.state.source, sealed, macs, lambda: bar.update(1))


def _plan(
    given: _Given, broker: str, bundle_file: Path | None, bundle_key: str, now: datetime
) -> BrokerPlan:
    named = brokers_of(given.state.issuer.members)
    if not broker and not named:
        raise ConfigError("the issuer named no broker", "give the new one's address: --broker URL")
    bundle = bundle_without_clients(given.state, now)
    if bundle_file is not None:
        pinned = PublicKey.parse(bundle_key) if bundle_key else None
        bundle = inherited_bundle(bundle_file.read_bytes(), given.state, pinned)
    url = BaseUrl(broker) if broker else named[0].url
    return BrokerPlan(url=url, keys=given.keys, bundle=bundle)


def _set_up(
    out: Path, given: _Given, plan: BrokerPlan | None, now: datetime, days: int
) -> Bundle | None:
    target = open_target(_folder(out / "site"), Path(), {})
    if lies_in(target, given.folder):
        raise ConfigError(f"{out} lies in the mirror", "name a folder outside of it")
    mirror(given.state.source, target, now, EvidenceFolder(out).keep)
    write_text(out / "passports.conf", nginx_snippet())
    if plan is None:
        return None
    return write_broker(out, plan, given.state.base_url, now, days)


def _folder(path: Path) -> DeploySettings:
    return DeploySettings(url=str(path.absolute()))
