"""`cellfolio-broker audit`: verifies and exports the audit log, and erases a person from it."""

import json
import os
from pathlib import Path

import click

from broker.audit import erase
from broker.audit_checkpoint import AuditSigner
from broker.audit_export import CHECKPOINT, export, notes_of, read_export, records_of
from broker.audit_verify import verify_audit_log
from broker.cli.main import Host
from broker.keyring import open_keyring
from broker.service import audit_signer, utc_now
from broker.store import Store
from passport.errors import HostError


@click.group
def command() -> None:
    """Verify and export the audit log, and erase a person from it.

    \b
    Example: cellfolio-broker --config /etc/cellfolio/broker.toml audit verify
    """  # noqa: D301 (click's paragraph mark)


@command.command
@click.option(
    "--earlier",
    "--checkpoint",
    "earlier",
    type=click.Path(exists=True, path_type=Path),
    help="A checkpoint or an export that was kept elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def verify(host: Host, earlier: Path | None, *, as_json: bool) -> None:
    """Verify every record, and name the first that is wrong or missing.

    With a checkpoint or an export from before, a log that was cut or forked shows too.

    \b
    Example: cellfolio-broker audit verify --earlier /mnt/auditor/2027-03
    """  # noqa: D301 (click's paragraph mark)
    keys = _signer(host).keys
    kept, log = (None, None)
    if earlier is not None and earlier.is_dir():
        kept, log = read_export(earlier, keys)
    elif earlier is not None:
        kept = earlier.read_bytes()
    with _store(host).reading() as transaction:
        notes = [*notes_of(transaction), *([] if kept is None else [kept])]
        found = verify_audit_log(records_of(transaction), notes, keys, log)
    if as_json:
        click.echo(json.dumps({"records": found.size, "signed": found.signed}))
        return
    click.echo(f"{found.size} records hold, {found.signed} of them signed by a checkpoint")


@command.command(name="export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--checkpoint", type=click.Path(dir_okay=False, path_type=Path), help="Write it here too."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def export_(host: Host, folder: Path, checkpoint: Path | None, *, as_json: bool) -> None:
    """Write the log as tiles with a fresh checkpoint.

    An earlier export in that folder is continued. With --checkpoint the checkpoint is written to a
    file besides, for `cellfolio build --audit-checkpoint`.

    \b
    Example: cellfolio-broker audit export /mnt/auditor/2027-03
    """  # noqa: D301 (click's paragraph mark)
    signer, store = _signer(host), _store(host)
    store.do(signer.sign)
    with store.reading() as transaction:
        size = export(transaction, folder, signer.keys)
    if checkpoint is not None:
        checkpoint.write_bytes((folder / CHECKPOINT).read_bytes())
    if as_json:
        click.echo(json.dumps({"records": size, "folder": str(folder), "origin": signer.origin}))
        return
    click.echo(f"{size} records of {signer.origin} are in {folder}")


@command.command(name="erase")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do it; otherwise nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def erase_(host: Host, person: str, *, yes: bool, as_json: bool) -> None:
    """Erase a person: nobody can tell any more which records are theirs.

    PERSON is a client's id, or the DID of who held a role credential. The records stay, and the log
    still verifies. Backups of the store remember the person until they are gone. It is final.

    \b
    Example: cellfolio-broker audit erase did:key:z6Mk... --yes
    """  # noqa: D301 (click's paragraph mark)
    store = _store(host)
    if yes:
        known = store.do(lambda transaction: erase(transaction, person))
        store.fold()
    else:
        with store.reading() as transaction:
            known = transaction.value("SELECT 1 FROM salts WHERE person = ?", person) is not None
    if as_json:
        click.echo(json.dumps({"known": known, "erased": known and yes}))
    elif not known:
        click.echo("the log has nobody of that name")
    else:
        click.echo("erased" if yes else "would be erased: repeat with --yes")


def _signer(host: Host) -> AuditSigner:
    settings = host.settings()
    return audit_signer(settings, open_keyring(settings, os.environ))


def _store(host: Host) -> Store:
    database = host.settings().database
    if not database.exists():
        raise HostError(f"there is no store at {database}", "start the broker once")
    return Store(database, utc_now)
