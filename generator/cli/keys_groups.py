"""`cellfolio keys groups`: make, rotate, close and destroy the keys that seal restricted groups.

This is the edge of the group ceremony: it brings clock, randomness, environment, folder and the
built site, and says what a person must do next. It never prints a key.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from generator.cli.key_ring import KeyRing, act_of, key_ring
from generator.cli.keys_groups_report import (
    Told,
    as_json,
    as_text,
    epoch_members,
    line_of,
    salt_members,
)
from generator.cli.main import Workspace
from generator.keys.escrow_record import Escrow, read_escrows
from generator.keys.folder import KeyFolder
from generator.keys.group_ceremony import (
    GroupChange,
    NewSecret,
    begin,
    close,
    compromise,
    destroy,
    rotate,
    rotate_salt,
)
from generator.keys.group_folder import destroy_file, needed_register, write_change
from generator.keys.group_sources import read_register
from generator.keys.groups import Epoch, GroupRegister, SaltKey
from generator.keys.kms_mac import check_importable
from generator.keys.register import Source, check_arn
from generator.keys.seeds import seed_from_environment
from generator.read.sealed_epochs import SealedWith, sealed_with
from passport.errors import ConfigError
from passport.group_key import RESTRICTED_GROUPS
from passport.registry import Group

SALT = "salt"
_Command = Callable[..., None]
_GROUP = click.Choice([group.value for group in RESTRICTED_GROUPS])
_GROUP_OR_SALT = click.Choice([*_GROUP.choices, SALT])
_BY = click.option("--by", default="", metavar="NAME", help="Who does it; default: as Git knows.")
_REASON = click.option("--reason", default="", metavar="TEXT", help="Why, for the register.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
_JSON = click.option("--json", "in_json", is_flag=True, help="Print one JSON object.")
_SITE = click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), help="Default: site/."
)
_KMS = click.option(
    "--aws-kms", "arn", default="", metavar="ARN", help="Import the new key into AWS KMS."
)


def _of_a_change(command: _Command) -> _Command:
    """Add what every command that changes a key takes."""
    for option in (_JSON, _DRY_RUN, _REASON, _BY):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Names of keys, or their beginnings, that stand in the environment, or go into AWS KMS."""

    environment: frozenset[str] = frozenset()
    aws_kms: Mapping[str, str] = field(default_factory=dict)

    def make(self, name: str) -> NewSecret:
        """Return a new key of this name, fresh unless it is in the environment already."""
        where = SALT if name.startswith(SALT) else name.removeprefix("group-").rpartition("-")[0]
        if where in self.environment:
            secret = seed_from_environment(name, os.environ)
            return NewSecret(source=Source.ENVIRONMENT, secret=secret)
        secret = secrets.token_bytes(32)
        if where in self.aws_kms:
            arn = self.aws_kms[where]
            check_importable(check_arn(arn))
            return NewSecret(source=Source.AWS_KMS, secret=secret, arn=arn)
        return NewSecret(source=Source.FILE, secret=secret)


@click.group("groups")
def groups() -> None:
    """Make, rotate, close and destroy the keys that seal groups.

    \b
    Example: cellfolio keys groups init --dry-run
    """


@groups.command("init")
@click.option(
    "--environment", type=_GROUP_OR_SALT, multiple=True, help="Its key is in the environment."
)
@click.option(
    "--aws-kms",
    type=(_GROUP, str),
    multiple=True,
    metavar="GROUP ARN",
    help="Import its key into AWS KMS.",
)
@_BY
@_DRY_RUN
@_JSON
@click.pass_obj
def init(
    workspace: Workspace,
    environment: tuple[str, ...],
    aws_kms: tuple[tuple[str, str], ...],
    by: str,
    *,
    dry_run: bool,
    in_json: bool,
) -> None:
    """Make a salt key, and the first key of each group.

    \b
    Example: cellfolio keys groups init --aws-kms xiii-4 arn:aws:kms:eu-central-1:…
    """
    ring, act = key_ring(workspace), act_of(workspace.project, by)
    make = Elsewhere(frozenset(environment), dict(aws_kms)).make
    _refuse_keys(ring)
    _tell(_done(ring, None, begin(make, act), dry_run=dry_run), in_json=in_json)


@groups.command("rotate")
@click.argument("group", type=_GROUP_OR_SALT)
@click.option("--environment", is_flag=True, help="The new key is in the environment already.")
@_KMS
@_of_a_change
@click.pass_obj
def rotate_group(
    workspace: Workspace,
    group: str,
    arn: str,
    by: str,
    reason: str,
    *,
    environment: bool,
    dry_run: bool,
    in_json: bool,
) -> None:
    """Put a new key in place of a group's current one, or the salt's.

    What a group's old key sealed stays as it is until it says something new. After a change of the
    salt key the next build seals everything anew.

    \b
    Example: cellfolio keys groups rotate xiii-4
    """
    if group == SALT and arn:
        raise ConfigError("a salt key can't be in AWS KMS", "each build asks it for each payload")
    act, make = act_of(workspace.project, by, reason), _elsewhere(group, arn, environment).make
    _step(
        key_ring(workspace),
        lambda register: (
            rotate_salt(register, make, act)
            if group == SALT
            else rotate(register, Group(group), make, act)
        ),
        dry_run=dry_run,
        in_json=in_json,
    )


@groups.command("close")
@click.argument("epoch")
@_of_a_change
@click.pass_obj
def close_epoch(
    workspace: Workspace, epoch: str, by: str, reason: str, *, dry_run: bool, in_json: bool
) -> None:
    """Have the next build seal anew what a rotated epoch holds.

    The key stays until `destroy`: readers need it until the new files are published.

    \b
    Example: cellfolio keys groups close xiii-4/2026a
    """
    act = act_of(workspace.project, by, reason)
    _step(
        key_ring(workspace),
        lambda register: close(register, epoch, act),
        dry_run=dry_run,
        in_json=in_json,
    )


@groups.command("compromise")
@click.argument("epoch")
@click.option("--environment", is_flag=True, help="The new key is in the environment already.")
@_KMS
@_SITE
@_of_a_change
@click.pass_obj
def compromise_epoch(  # noqa: PLR0913 (click passes each option)
    workspace: Workspace,
    epoch: str,
    arn: str,
    site: Path | None,
    by: str,
    reason: str,
    *,
    environment: bool,
    dry_run: bool,
    in_json: bool,
) -> None:
    """Declare that somebody else may have an epoch's key.

    It says what that costs. A current epoch gets a successor at once; the next build seals anew
    what counts.

    \b
    Example: cellfolio keys groups compromise xiii-4/2026a --reason "stolen laptop"
    """
    ring = key_ring(workspace)
    found = needed_register(ring.path).named(epoch)
    act = act_of(workspace.project, by, reason)
    make = _elsewhere(found.key_id.group, arn, environment).make
    _step(
        ring,
        lambda register: compromise(register, epoch, make, act),
        dry_run=dry_run,
        in_json=in_json,
        sealed=_on_site(site or workspace.project / "site", ring, found, needed=site is not None),
    )


@groups.command("destroy")
@click.argument("epoch")
@_SITE
@_of_a_change
@click.pass_obj
def destroy_epoch(
    workspace: Workspace,
    epoch: str,
    site: Path | None,
    by: str,
    reason: str,
    *,
    dry_run: bool,
    in_json: bool,
) -> None:
    """Destroy the key of a closed epoch, once nothing needs it.

    Looks through the published site, as it lies in a folder. What older versions of passports said
    can't be opened again.

    \b
    Example: cellfolio keys groups destroy xiii-4/2026a --dry-run
    """
    ring = key_ring(workspace)
    act = act_of(workspace.project, by, reason)
    found = needed_register(ring.path).named(epoch)
    sealed = sealed_with(site or workspace.project / "site", ring.config.base_url, found.key_id)
    _step(
        ring,
        lambda register: destroy(register, epoch, sealed.counting, act),
        dry_run=dry_run,
        in_json=in_json,
        sealed=sealed,
        destroyed=found,
    )


@groups.command("list")
@_JSON
@click.pass_obj
def list_epochs(workspace: Workspace, *, in_json: bool) -> None:
    """List salt keys and epochs with their states, and keys at hand.

    \b
    Example: cellfolio keys groups list --json
    """
    ring = key_ring(workspace)
    register = needed_register(ring.path)
    if in_json:
        salts = [salt_members(ring, salt) for salt in register.salts]
        epochs = [epoch_members(ring, epoch) for epoch in register.epochs]
        click.echo(json.dumps({"salts": salts, "epochs": epochs}, ensure_ascii=False))
        return
    keys: tuple[Epoch | SaltKey, ...] = (*register.salts, *register.epochs)
    for key in keys:
        click.echo(line_of(ring, key))


def _elsewhere(group: str, arn: str, environment: bool) -> Elsewhere:  # noqa: FBT001
    if environment and arn:
        raise ConfigError("a key is in the environment or in AWS KMS", "name one of the two")
    return Elsewhere(frozenset({group} if environment else ()), {group: arn} if arn else {})


def _refuse_keys(ring: KeyRing) -> None:
    if read_register(ring.path) is not None:
        raise ConfigError(
            f"{ring.path} has group keys already",
            "see `cellfolio keys groups list`; to renew one, rotate it",
        )


def _on_site(site: Path, ring: KeyRing, epoch: Epoch, *, needed: bool) -> SealedWith | None:
    """Return what a site has of an epoch; None where there is no site and none was named."""
    if not needed and not (site / "dpp").is_dir():
        return None
    return sealed_with(site, ring.config.base_url, epoch.key_id)


def _step(
    ring: KeyRing,
    step: Callable[[GroupRegister], GroupChange],
    *,
    dry_run: bool,
    in_json: bool,
    sealed: SealedWith | None = None,
    destroyed: Epoch | None = None,
) -> None:
    """Change a register that is there, and tell it."""
    register = needed_register(ring.path)
    told = _done(ring, register, step(register), dry_run=dry_run)
    escrows: tuple[Escrow, ...] = ()
    if destroyed is not None:
        if not dry_run:
            destroy_file(ring.path, destroyed)
        escrows = tuple(e for e in read_escrows(ring.path) if destroyed.key_id in e.keys)
    _tell(replace(told, sealed=sealed, escrows=escrows), in_json=in_json)


def _done(
    ring: KeyRing, before: GroupRegister | None, change: GroupChange, *, dry_run: bool
) -> Told:
    """Write a change unless it is only tried; `ConfigError` if another run was faster."""
    files: tuple[Path, ...] = ()
    if not dry_run:
        folder = KeyFolder(ring.path)
        with folder.locked():
            if read_register(ring.path) != before:
                raise ConfigError(
                    f"another run changed {ring.path}", "see `cellfolio keys groups list`"
                )
            files = write_change(folder, change)
    return Told(ring=ring, before=before, after=change.register, dry_run=dry_run, files=files)


def _tell(told: Told, *, in_json: bool) -> None:
    click.echo(as_json(told) if in_json else "\n".join(as_text(told)))
