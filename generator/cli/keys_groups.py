"""`cellfolio keys groups`: make, rotate, close and destroy the keys that seal restricted groups.

This is the edge of the group ceremony: it brings clock, randomness, environment, folder and the
built site, and says what a person must do next. It never prints a key.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path

import click

from generator.cli.key_ring import KeyRing, act_of, elsewhere, key_ring
from generator.cli.keys_groups_report import (
    Told,
    as_json,
    as_text,
    epoch_members,
    line_of,
    salt_members,
)
from generator.cli.main import Workspace
from generator.keys.escrow_record import read_escrows
from generator.keys.folder import KeyFolder
from generator.keys.group_ceremony import (
    GroupChange,
    MakeSecret,
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
from generator.keys.toml_table import Act
from generator.read.sealed_epochs import SealedWith, sealed_with
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS

SALT = "salt"
_Command = Callable[..., None]
_Change = Callable[[GroupRegister], GroupChange]
_GROUP = click.Choice([group.value for group in RESTRICTED_GROUPS])
_GROUP_OR_SALT = click.Choice([*_GROUP.choices, SALT])
_BY = click.option("--by", default="", metavar="NAME", help="Who does it; default: as Git knows.")
_REASON = click.option("--reason", default="", metavar="TEXT", help="Why, for the register.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
_JSON = click.option("--json", "in_json", is_flag=True, help="Print one JSON object.")
_SITE = click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), help="Default: site/."
)
_ENVIRONMENT = click.option(
    "--environment", is_flag=True, help="The new key is in the environment already."
)
_KMS = click.option(
    "--aws-kms", "arn", default="", metavar="ARN", help="Import the new key into AWS KMS."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A change of group keys: of which project, who makes it and why, and how it is told."""

    project: Path
    ring: KeyRing
    act: Act
    dry_run: bool
    in_json: bool

    def take(self, change: _Change, sealed: SealedWith | None = None) -> Told:
        """Change the register that is there."""
        before = needed_register(self.ring.path)
        return replace(self.write(before, change(before)), sealed=sealed)

    def write(self, before: GroupRegister | None, change: GroupChange) -> Told:
        """Write a change unless it is only tried; `ConfigError` if another run was faster."""
        files: tuple[Path, ...] = ()
        if not self.dry_run:
            folder = KeyFolder(self.ring.path)
            with folder.locked():
                if read_register(self.ring.path) != before:
                    raise ConfigError(
                        f"another run changed {self.ring.path}", "see `cellfolio keys groups list`"
                    )
                files = write_change(folder, change)
        after = change.register
        return Told(ring=self.ring, before=before, after=after, dry_run=self.dry_run, files=files)

    def tell(self, told: Told) -> None:
        """Print what was done."""
        click.echo(as_json(told) if self.in_json else "\n".join(as_text(told)))


def _step(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Add options to a command, which gets what they say as one `_Step`."""

    def decorate(command: _Command) -> _Command:
        @click.pass_obj
        @wraps(command)
        def run(
            workspace: Workspace,
            /,
            *,
            by: str,
            dry_run: bool,
            in_json: bool,
            reason: str = "",
            **given: object,
        ) -> None:
            step = _Step(
                project=workspace.project,
                ring=key_ring(workspace),
                act=act_of(workspace.project, by, reason),
                dry_run=dry_run,
                in_json=in_json,
            )
            command(step, **given)

        for option in reversed(options):
            run = option(run)
        return run

    return decorate


_changes = _step(_BY, _REASON, _DRY_RUN, _JSON)


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
@_step(_BY, _DRY_RUN, _JSON)
def init(step: _Step, environment: tuple[str, ...], aws_kms: tuple[tuple[str, str], ...]) -> None:
    """Make a salt key, and the first key of each group.

    \b
    Example: cellfolio keys groups init --aws-kms xiii-4 arn:aws:kms:eu-central-1:…
    """
    if read_register(step.ring.path) is not None:
        raise ConfigError(
            f"{step.ring.path} has group keys already",
            "see `cellfolio keys groups list`; to renew one, rotate it",
        )
    make = _maker(elsewhere(environment, dict(aws_kms)))
    step.tell(step.write(None, begin(make, step.act)))


@groups.command("rotate")
@click.argument("group", type=_GROUP_OR_SALT)
@_ENVIRONMENT
@_KMS
@_changes
def rotate_group(step: _Step, group: str, arn: str, *, environment: bool) -> None:
    """Put a new key in place of a group's current one, or the salt's.

    What a group's old key sealed stays as it is until it says something new. After a change of the
    salt key the next build seals everything anew.

    \b
    Example: cellfolio keys groups rotate xiii-4
    """
    if group == SALT and arn:
        raise ConfigError("a salt key can't be in AWS KMS", "each build asks it for each payload")
    make = _maker_of(group, arn, environment=environment)
    if group == SALT:
        told = step.take(lambda register: rotate_salt(register, make, step.act))
    else:
        told = step.take(lambda register: rotate(register, Group(group), make, step.act))
    step.tell(told)


@groups.command("close")
@click.argument("epoch")
@_changes
def close_epoch(step: _Step, epoch: str) -> None:
    """Have the next build seal anew what a rotated epoch holds.

    The key stays until `destroy`: readers need it until the new files are published.

    \b
    Example: cellfolio keys groups close xiii-4/2026a
    """
    step.tell(step.take(lambda register: close(register, epoch, step.act)))


@groups.command("compromise")
@click.argument("epoch")
@_ENVIRONMENT
@_KMS
@_SITE
@_changes
def compromise_epoch(
    step: _Step, epoch: str, arn: str, site: Path | None, *, environment: bool
) -> None:
    """Declare that somebody else may have an epoch's key.

    It says what that costs. A current epoch gets a successor at once; the next build seals anew
    what counts.

    \b
    Example: cellfolio keys groups compromise xiii-4/2026a --reason "stolen laptop"
    """
    found = needed_register(step.ring.path).named(epoch).key_id
    make = _maker_of(found.group, arn, environment=environment)
    folder, sealed = site or step.project / "site", None
    if site is not None or (folder / "dpp").is_dir():
        sealed = sealed_with(folder, step.ring.config.base_url, found)
    step.tell(step.take(lambda register: compromise(register, epoch, make, step.act), sealed))


@groups.command("destroy")
@click.argument("epoch")
@_SITE
@_changes
def destroy_epoch(step: _Step, epoch: str, site: Path | None) -> None:
    """Destroy the key of a closed epoch, once nothing needs it.

    Looks through the published site, as it lies in a folder. What older versions of passports said
    can't be opened again.

    \b
    Example: cellfolio keys groups destroy xiii-4/2026a --dry-run
    """
    ring = step.ring
    found = needed_register(ring.path).named(epoch)
    sealed = sealed_with(site or step.project / "site", ring.config.base_url, found.key_id)
    told = step.take(lambda register: destroy(register, epoch, sealed.counting, step.act), sealed)
    if not step.dry_run:
        destroy_file(ring.path, found)
    escrows = tuple(each for each in read_escrows(ring.path) if found.key_id in each.keys)
    step.tell(replace(told, escrows=escrows))


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


def _maker_of(group: str, arn: str, *, environment: bool) -> MakeSecret:
    return _maker(elsewhere((group,) if environment else (), {group: arn} if arn else {}))


def _maker(places: Mapping[str, str]) -> MakeSecret:
    """Return what makes keys by their names, unless they are in the environment already."""

    def make(name: str) -> NewSecret:
        of = SALT if name.startswith(SALT) else name.removeprefix("group-").rpartition("-")[0]
        arn = places.get(of)
        if arn is None:
            return NewSecret(source=Source.FILE, secret=secrets.token_bytes(32))
        if not arn:
            secret = seed_from_environment(name, os.environ)
            return NewSecret(source=Source.ENVIRONMENT, secret=secret)
        check_importable(check_arn(arn))
        return NewSecret(source=Source.AWS_KMS, secret=secrets.token_bytes(32), arn=arn)

    return make
