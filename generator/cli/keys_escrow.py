"""`cellfolio keys escrow`: a group's keys for whoever goes on when the operator is gone.

This is the edge of escrow: it brings clock, environment and files. It never prints a key, and never
writes into a site.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import click

from generator.cli.key_ring import KeyRing, act_of, key_ring
from generator.cli.main import Workspace
from generator.content.access.escrow_recipients import Recipient, recipient_of
from generator.content.access.load import read_access
from generator.keys.escrow import Escrowable, encrypted, escrowable
from generator.keys.escrow_record import ESCROW_NAME, Escrow, escrows_text, read_escrows
from generator.keys.folder import KeyFolder
from generator.keys.to_log import TO_LOG_NAME, append
from generator.keys.toml_table import Act
from generator.store.durable import replace_file
from passport.encoding.multibase import digest_multibase
from passport.errors import ConfigError, ContentError
from passport.log.entry import EntryType
from passport.problems import Findings, Severity
from passport.registry import Group
from passport.sealing.escrow import escrow_json
from passport.sealing.group_key import RESTRICTED_GROUPS

_SITE_MARKS = (".well-known", "manifest", "dpp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the command did; `escrow` is None in a dry run."""

    ring: KeyRing
    group: Group
    recipient: Recipient
    found: Escrowable
    out: Path
    escrow: Escrow | None


@click.command("escrow")
@click.option(
    "--group", type=click.Choice([group.value for group in RESTRICTED_GROUPS]), required=True
)
@click.option(
    "--to", required=True, metavar="CLIENT|age1…", help="A client of the policy, or its recipient."
)
@click.option("--trustee", default="", metavar="NAME", help="Who it is, if it is no client.")
@click.option("--reason", default="", metavar="TEXT", help="Why; a trustee needs one.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write; it must be new, and outside of any site.",
)
@click.option("--by", default="", metavar="NAME", help="Who does it; default: as Git knows.")
@click.option("--dry-run", is_flag=True, help="Say what the file would hold, and write nothing.")
@click.option("--json", "in_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def escrow(  # noqa: PLR0913 (click passes each option)
    workspace: Workspace,
    group: str,
    to: str,
    trustee: str,
    reason: str,
    out: Path,
    by: str,
    *,
    dry_run: bool,
    in_json: bool,
) -> None:
    """Encrypt a group's keys to one recipient, for stock `age`.

    The recipient is the `age` member of a client that the policy entitles to the group; anybody
    else is a trustee, with a reason that is recorded. The file's digest and the names of its keys
    are recorded and logged. Hand the file over; it is no part of the site.

    \b
    Example: cellfolio keys escrow --group xiii-3 --to marktaufsicht-nord --out xiii-3.age
    """
    ring, act = key_ring(workspace), act_of(workspace.project, by, reason)
    _refuse_place(out, workspace.project)
    if trustee and not reason:
        raise ConfigError(f"{trustee} is a trustee for no reason", "write --reason TEXT")
    recipient = _recipient(workspace.project, ring, Group(group), to, trustee, act)
    config = ring.config
    found = escrowable(config.base_url, config.keys, workspace.project, os.environ, Group(group))
    content = encrypted(escrow_json(found.keys), recipient.to)
    made = None if dry_run else _write(ring, out, content, recipient, found, act)
    told = Told(
        ring=ring, group=Group(group), recipient=recipient, found=found, out=out, escrow=made
    )
    click.echo(_as_json(told) if in_json else _as_text(told))


def _recipient(
    project: Path, ring: KeyRing, group: Group, to: str, trustee: str, act: Act
) -> Recipient:
    findings = Findings()
    access = read_access(project, ring.config.language, findings)
    errors = tuple(each for each in findings.problems if each.severity is Severity.ERROR)
    if errors:
        raise ContentError(errors)
    return recipient_of(access, group, to, trustee, act.time.date())


def _refuse_place(out: Path, project: Path) -> None:
    """Whoever deploys a folder publishes all that lies in it."""
    real = out.resolve()
    for folder in real.parents:
        is_site = folder == (project / "site").resolve()
        if is_site or all((folder / mark).is_dir() for mark in _SITE_MARKS):
            raise ConfigError(f"{out} lies in the site {folder}", "write the file elsewhere")
    if out.exists():
        raise ConfigError(f"{out} is there already", "name a new file; an escrow is kept")
    if not real.parent.is_dir():
        raise ConfigError(f"there is no folder {real.parent}", "make it first")


def _write(
    ring: KeyRing, out: Path, content: bytes, recipient: Recipient, found: Escrowable, act: Act
) -> Escrow:
    """Write the file, then record and log it; what can't be recorded isn't left behind."""
    keys = tuple(each.key_id for each in found.keys)
    made = Escrow(
        digest=digest_multibase(content),
        group=keys[0].group,
        to=recipient.to,
        client=recipient.client,
        trustee=recipient.trustee,
        keys=keys,
        made=act,
    )
    with KeyFolder(ring.path).locked():
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
            escrows = (*read_escrows(ring.path), made)
            # The record last: a digest that is logged for nothing harms nobody.
            append(ring.path, EntryType.ESCROW, made.digest, keys)
            replace_file(ring.path / ESCROW_NAME, escrows_text(escrows).encode())
        except BaseException:
            out.unlink()
            raise
    return made


def _as_json(told: Told) -> str:
    return json.dumps(
        {
            "dry_run": told.escrow is None,
            "out": str(told.out),
            "group": told.group,
            "to": told.recipient.to,
            "client": told.recipient.client or None,
            "trustee": told.recipient.trustee or None,
            "keys": [str(each.key_id) for each in told.found.keys],
            "not_at_hand": [str(epoch.key_id) for epoch in told.found.missing],
            "digest": told.escrow.digest if told.escrow else None,
        },
        ensure_ascii=False,
    )


def _as_text(told: Told) -> str:
    who = told.recipient.name
    lines = [f"{told.out}: keys of {told.group} for {who}, {told.recipient.to}"]
    lines += [f"  {each.key_id}" for each in told.found.keys]
    lines += [f"  not at hand, so not in it: {epoch.label}" for epoch in told.found.missing]
    if told.escrow is None:
        return "\n".join([*lines, "dry run: nothing was written"])
    folder = told.ring.path
    return "\n".join(
        [
            *lines,
            f"hand it to {who}, who tries it with `age --decrypt`, then delete it here",
            f"commit {folder / ESCROW_NAME} and {folder / TO_LOG_NAME}; the next build logs it",
        ]
    )
