"""The register of group keys as text: `keys/groups.toml`.

Format: docs/keys.md. It is public and reviewed in Git; there is nothing secret in it. What the
tables may say together is the register's own rule (`generator.keys.groups`).
"""

from collections.abc import Iterator

from generator.keys.groups import GROUPS_NAME, Epoch, EpochState, GroupRegister, SaltKey
from generator.keys.register import Source, check_arn
from generator.keys.toml_table import Act, Table, file_error
from passport.errors import IdentifierError
from passport.sealing.group_key import GroupKeyId

_HEAD = "# Public. Written by `cellfolio keys groups`; the keys lie elsewhere (docs/keys.md).\n"
_SALT = frozenset({"id", "check", "source", "made"})
_EPOCH = frozenset({"id", "source", "arn", "history", "destroyed"})


def register_text(register: GroupRegister) -> str:
    """Return the file's text."""
    salts = ("\n".join(("[[salt]]", *_salt_lines(salt), "")) for salt in register.salts)
    epochs = ("\n".join(("[[epoch]]", *_epoch_lines(epoch), "")) for epoch in register.epochs)
    return "\n".join((_HEAD, *salts, *epochs))


def parse_register(text: str) -> GroupRegister:
    """Read the file's text; `ConfigError` says what is wrong."""
    whole = Table.of_file(GROUPS_NAME, text)
    whole.only(frozenset({"salt", "epoch"}), "the file")
    try:
        return GroupRegister(
            tuple(_salt(n, table) for n, table in enumerate(whole.tables("salt"), 1)),
            tuple(_epoch(table) for table in whole.tables("epoch")),
        )
    except (IdentifierError, ValueError) as error:
        raise file_error(GROUPS_NAME, str(error)) from error


def _salt_lines(salt: SaltKey) -> Iterator[str]:
    yield f'id = "{salt.name}"'
    yield f'check = "{salt.check}"'
    yield f'source = "{salt.source}"'
    yield f"made = {{{salt.made}}}"


def _epoch_lines(epoch: Epoch) -> Iterator[str]:
    yield f'id = "{epoch.key_id}"'
    yield f'source = "{epoch.source}"'
    if epoch.arn:
        yield f'arn = "{epoch.arn}"'
    yield "history = ["
    for state, act in epoch.history:
        yield f'  {{state = "{state}", {act}}},'
    yield "]"
    if epoch.destroyed:
        yield f"destroyed = {{{epoch.destroyed}}}"


def _salt(number: int, table: Table) -> SaltKey:
    table.only(_SALT, "a [[salt]]")
    salt = SaltKey(
        number=number,
        check=table.text("check"),
        source=Source(table.text("source")),
        made=table.table("made").act(),
    )
    if table.text("id") != salt.name:
        raise table.error(f"{table.text('id')} stands where {salt.name} should")
    return salt


def _epoch(table: Table) -> Epoch:
    table.only(_EPOCH, "an [[epoch]]")
    return Epoch(
        key_id=GroupKeyId.parse(table.text("id")),
        source=Source(table.text("source")),
        arn=check_arn(table.text("arn")) if "arn" in table.members else "",
        history=tuple(_step(step) for step in table.tables("history")),
        destroyed=table.table("destroyed").act() if "destroyed" in table.members else None,
    )


def _step(table: Table) -> tuple[EpochState, Act]:
    return EpochState(table.text("state")), table.without("state").act()
