"""`cellfolio open`: restricted groups, opened with group keys that somebody holds."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.copies import at_option
from generator.cli.escrowed import keys_option
from generator.cli.main import Workspace
from generator.cli.opening import Opening, carry_out, out_option
from generator.content.config import read_config
from generator.keys.own_group_keys import own_group_keys
from generator.read.content_keys import HeldGroupKeys, among
from generator.read.opened_folder import json_text, opened_folder, safe_name
from generator.read.restricted import SealedFiles, Wanted, parse_product
from generator.read.sources import Origins, parse_copies
from passport.errors import ConfigError, PassportError
from passport.identifiers import ProductUri
from passport.registry import Group
from passport.sealing.escrow import EscrowedKey
from passport.sealing.group_key import RESTRICTED_GROUPS
from passport.sealing.sealed import open_payload, open_sealed
from passport.sealing.sealed_file import SealedFile, parse_sealed


@click.command()
@click.argument("target")
@click.option(
    "--group",
    "groups",
    type=click.Choice([group.value for group in RESTRICTED_GROUPS]),
    multiple=True,
    help="Can be repeated; default: every group that the keys are of.",
)
@keys_option("default: the project's own keys")
@out_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    target: str,
    groups: tuple[str, ...],
    keys: tuple[EscrowedKey, ...],
    out: Path | None,
    copies: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Open restricted groups of TARGET with their group keys.

    TARGET is what a product's QR code says, the URL of its passport, or a sealed file. The passport
    is verified first; from a battery, points 2 and 3 are those of its model. A sealed file alone is
    opened without its passport, so nothing shows that it is the one that counts.

    \b
    Example: cellfolio open https://id.example.com/01/09506000134352 --group xiii-2 -o opened
    Example: cellfolio open https://id.example.com/01/09506000134352 --keys - -o opened \\
             < keys.json
    """
    held = _held(workspace, keys)
    wanted = tuple(map(Group, groups))
    if not target.startswith(("https://", "http://")):
        _open_file(Path(target), wanted, held.keys, out)
        return
    product = parse_product(target)
    sealed = SealedFiles.of(Origins(parse_copies(copies)), (product.base_url,), datetime.now(UTC))
    chosen = wanted or _groups_of(product, held, sealed)
    opening = Opening(
        wanted=tuple(Wanted(product, group) for group in chosen),
        sealed=sealed,
        keys_of=lambda _: held.keys,
        folder=out,
    )
    carry_out(opening, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Held:
    """Group keys at hand, and the groups that they are of."""

    keys: HeldGroupKeys
    groups: tuple[Group, ...]


def _held(workspace: Workspace, keys: tuple[EscrowedKey, ...]) -> _Held:
    if not keys:
        config = read_config(workspace.project)
        find = own_group_keys(config.base_url, config.keys, workspace.project, os.environ)
        return _Held(HeldGroupKeys(find), RESTRICTED_GROUPS)
    macs = {each.key_id: each.key.mac for each in keys}
    return _Held(HeldGroupKeys(among(macs)), tuple(sorted({each.group for each in macs})))


def _groups_of(product: ProductUri, held: _Held, sealed: SealedFiles) -> tuple[Group, ...]:
    """The groups of a product that the keys are of; all of those, where it has none of them."""
    return tuple(g for g in sealed.groups(product) if g in held.groups) or held.groups


def _open_file(
    path: Path, wanted: tuple[Group, ...], keys: HeldGroupKeys, out: Path | None
) -> None:
    if not path.is_file():
        raise ConfigError(f"there is no file {str(path)!r}", "name a file or an https:// address")
    file = parse_sealed(path.read_bytes())
    header = file.header
    if wanted and header.group not in wanted:
        raise ConfigError(f"{path} is of {header.group}", f"write --group {header.group}")
    if header.is_document and out is None:
        raise ConfigError(f"{path} is a document", "name a new folder with -o")
    [key] = keys.keys_of((header,))
    if isinstance(key, PassportError):
        raise key
    name, content = _plaintext(file, key.secret)
    click.echo(f"{path}: no passport was verified, so it may not be the file that counts", err=True)
    if out is None:
        click.echo(content, nl=False)
        return
    with opened_folder(out) as folder:
        folder.write(name, content)
    click.echo(str(out / name))


def _plaintext(file: SealedFile, secret: bytes) -> tuple[str, bytes]:
    """Return the name and the content of what a sealed file becomes."""
    header = file.header
    if header.is_document:
        number = int(header.resource.rpartition("/")[2])
        return safe_name(number, ""), open_sealed(file, secret, expected=header.sealing)
    data = open_payload(file, secret, expected=header.sealing)
    return f"{header.group}.json", json_text(data).encode()
