"""`cellfolio access bundle`: what brokers are told, signed, numbered and entered into the log."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from generator.build.access_bundle import Term, make_bundle
from generator.cli.access_reading import read_for_access
from generator.cli.key_ring import key_folder
from generator.cli.main import Workspace
from generator.content.config import SiteConfig
from generator.keys.bundles import SignedBundle, bundle_signer_of, last_seq, record
from generator.keys.choose import DEMO
from generator.keys.folder import KeyFolder
from generator.keys.to_log import append
from generator.store.durable import replace_file
from passport.access.bundle import LARGEST, Bundle, bundle_digest, sign_bundle
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, VerificationError
from passport.log.entry import EntryType
from passport.signing.ed25519 import PublicKey

_LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """What was signed, or would be."""

    out: Path
    bundle: Bundle
    digest: str
    key: PublicKey
    logged: bool
    dry_run: bool


@click.command("bundle")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the bundle is written; never below site/.",
)
@click.option(
    "--valid-days",
    type=click.IntRange(1, _LONGEST_DAYS),
    default=30,
    show_default=True,
    help="For how long brokers may release keys by it.",
)
@click.option("--log", "log", is_flag=True, help="Enter it into the log with demo keys too.")
@click.option("--dry-run", is_flag=True, help="Say what would be signed, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def bundle(
    workspace: Workspace, out: Path, valid_days: int, *, log: bool, dry_run: bool, as_json: bool
) -> None:
    """Sign policy, clients and refusals as a bundle for brokers.

    Each bundle has a higher number than the last, and a broker refuses an older one. It is in force
    from now on; the next build enters its digest into the transparency log. Ceased passports are
    refused in it. Commit keys/bundles.jsonl and keys/to-log.jsonl.

    \b
    Example: cellfolio access bundle --out /srv/broker/bundle.json --valid-days 30
    """
    _refuse_published(out, workspace.project)
    now = datetime.now(UTC).replace(microsecond=0)
    content = read_for_access(workspace.project, now.date())
    config = content.config
    folder = key_folder(workspace.project, config)
    signer = bundle_signer_of(config.base_url, config.keys, workspace.project, os.environ)
    with KeyFolder(folder).locked():
        term = Term(
            seq=_next_seq(folder, config, out, now),
            valid_from=now,
            valid_until=now + timedelta(days=valid_days),
        )
        made = make_bundle(content, term)
        signed = sign_bundle(made, signer)
        report = BundleReport(
            out=out,
            bundle=made,
            digest=bundle_digest(signed),
            key=signer.public_key,
            logged=log or config.keys != DEMO,
            dry_run=dry_run,
        )
        if not dry_run:
            _write(report, signed, folder)
    click.echo(json.dumps(_as_json(report)) if as_json else "\n".join(_as_text(report, folder)))


def _refuse_published(out: Path, project: Path) -> None:
    site = (project / "site").resolve()
    if out.resolve().is_relative_to(site):
        raise ConfigError(
            f"{out} lies below the site, where everybody could read it",
            "name a file that only brokers get",
        )


def _next_seq(folder: Path, config: SiteConfig, out: Path, now: datetime) -> int:
    # A demo keeps no record, so its bundles are numbered by the clock.
    last = last_seq(folder)
    if config.keys != DEMO:
        return last + 1
    return max(last + 1, _demo_seq(out) + 1, int(now.timestamp()))


def _demo_seq(out: Path) -> int:
    """The number of the demo bundle that lies there; two may be made within one second."""
    try:
        seq = parse_object(out.read_bytes(), largest=LARGEST).get("seq")
    except (FileNotFoundError, VerificationError):
        return 0
    return seq if isinstance(seq, int) else 0


def _write(report: BundleReport, signed: bytes, folder: Path) -> None:
    """Log, record, then write: no bundle is in use that the log won't tell of."""
    if report.logged:
        append(folder, EntryType.BUNDLE, report.digest)
        line = SignedBundle(report.bundle.seq, report.digest, report.bundle.valid_until)
        record(folder, line)
    report.out.parent.mkdir(parents=True, exist_ok=True)
    replace_file(report.out, signed)


def _as_text(report: BundleReport, folder: Path) -> Iterator[str]:
    made = report.bundle
    verb = "would sign" if report.dry_run else "signed"
    yield (
        f"{verb} bundle {made.seq}: policy {made.policy.version}, {len(made.clients)} clients, "
        f"{len(made.issuers)} issuers, {len(made.refusals)} refusals"
    )
    yield f"in force until {time_text(made.valid_until)}; nothing is released after that"
    yield f"key {report.key.multikey}, which brokers pin"
    if report.dry_run:
        return
    yield f"written to {report.out}: bring it to every broker"
    if report.logged:
        yield f"commit {folder / 'bundles.jsonl'} and {folder / 'to-log.jsonl'}, then build"


def _as_json(report: BundleReport) -> JsonObject:
    made = report.bundle
    return {
        "out": str(report.out),
        "seq": made.seq,
        "digest": report.digest,
        "valid_from": time_text(made.valid_from),
        "valid_until": time_text(made.valid_until),
        "policy": made.policy.version,
        "clients": [client.id for client in made.clients],
        "issuers": [issuer.did for issuer in made.issuers],
        "refusals": len(made.refusals),
        "key": report.key.multikey,
        "logged": report.logged and not report.dry_run,
        "dry_run": report.dry_run,
    }
