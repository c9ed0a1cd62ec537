"""The record of escrow files: `keys/escrow.toml`, which epochs lie in which file, for whom.

DESIGN 6. It is public and committed, and holds no key: an escrow file itself lies with its
recipient, and is known here by its digest, which the transparency log holds too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.keys.toml_table import Act, Table, file_error, toml_text
from passport.errors import ConfigError, IdentifierError, VerificationError
from passport.log.entry import EntryType, LogEntry
from passport.registry import Group
from passport.sealing.group_key import GroupKeyId

ESCROW_NAME = "escrow.toml"

_HEAD = "# Public. Written by `cellfolio keys escrow`; the files lie with their recipients.\n"
_MEMBERS = frozenset({"digest", "group", "to", "client", "trustee", "keys", "made"})
_RECIPIENT = re.compile("age1[0-9a-z]{58}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """One escrow file: a group's keys, for a client that the policy entitles, or for a trustee.

    `ConfigError` for what no command writes. `made` holds the reason that a trustee needs.
    """

    digest: str
    group: Group
    to: str
    """The recipient, `age1…`."""
    client: str = ""
    trustee: str = ""
    keys: tuple[GroupKeyId, ...]
    made: Act

    def __post_init__(self) -> None:
        if not _RECIPIENT.fullmatch(self.to):
            raise file_error(ESCROW_NAME, f"{self.to!r} is no recipient")
        if bool(self.client) == bool(self.trustee):
            raise file_error(ESCROW_NAME, f"{self.to} is neither a client's nor a trustee's")
        if self.trustee and not self.made.reason:
            raise file_error(ESCROW_NAME, f"{self.trustee} is a trustee for no reason")
        if not self.keys or {key_id.group for key_id in self.keys} != {self.group}:
            raise file_error(ESCROW_NAME, f"{self.digest} holds not just keys of {self.group}")


def read_escrows(folder: Path) -> tuple[Escrow, ...]:
    """Return what was escrowed, oldest first; `folder` is that of the keys."""
    path = folder / ESCROW_NAME
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8", "put it back from Git") from error
    whole = Table.of_file(ESCROW_NAME, text)
    whole.only(frozenset({"escrow"}), "the file")
    try:
        return tuple(_escrow(table) for table in whole.tables("escrow"))
    except (IdentifierError, VerificationError, ValueError) as error:
        raise file_error(ESCROW_NAME, str(error)) from error


def escrows_text(escrows: tuple[Escrow, ...]) -> str:
    """Return the file's text."""
    return "\n".join((_HEAD, *("\n".join(("[[escrow]]", *_lines(e), "")) for e in escrows)))


def _lines(escrow: Escrow) -> Iterator[str]:
    yield f'digest = "{escrow.digest}"'
    yield f'group = "{escrow.group}"'
    yield f'to = "{escrow.to}"'
    if escrow.client:
        yield f"client = {toml_text(escrow.client)}"
    if escrow.trustee:
        yield f"trustee = {toml_text(escrow.trustee)}"
    yield "keys = ["
    yield from (f'  "{key_id}",' for key_id in escrow.keys)
    yield "]"
    yield f"made = {{{escrow.made}}}"


def _escrow(table: Table) -> Escrow:
    table.only(_MEMBERS, "an [[escrow]]")
    return Escrow(
        digest=LogEntry(EntryType.ESCROW, table.text("digest")).digest,
        group=Group(table.text("group")),
        to=table.text("to"),
        client=table.text("client", ""),
        trustee=table.text("trustee", ""),
        keys=tuple(GroupKeyId.parse(text) for text in table.texts("keys")),
        made=table.table("made").act(),
    )
