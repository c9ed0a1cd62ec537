"""The register of group keys as text: `keys/groups.toml`.

Format: docs/keys.md. It is public and reviewed in Git; there is nothing secret in it. What the
tables may say together is the register's own rule (`generator.keys.groups`).
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime

from generator.keys.groups import GROUPS_NAME, Act, Epoch, EpochState, GroupRegister, SaltKey
from generator.keys.register import Source, check_arn
from passport.errors import ConfigError, IdentifierError
from passport.group_key import GroupKeyId
from passport.timestamp import time_text

_HEAD = "# Public. Written by `cellfolio keys groups`; the keys lie elsewhere (docs/keys.md).\n"
_SALT = frozenset({"id", "check", "source", "made"})
_EPOCH = frozenset({"id", "source", "arn", "history", "destroyed"})
_ACT = frozenset({"time", "by", "reason"})
_REMEDY = "put the file back from Git: only `cellfolio keys groups` changes it"


def register_text(register: GroupRegister) -> str:
    """Return the file's text."""
    salts = ("\n".join(("[[salt]]", *_salt_lines(salt), "")) for salt in register.salts)
    epochs = ("\n".join(("[[epoch]]", *_epoch_lines(epoch), "")) for epoch in register.epochs)
    return "\n".join((_HEAD, *salts, *epochs))


def parse_register(text: str) -> GroupRegister:
    """Read the file's text; `ConfigError` says what is wrong."""
    try:
        members = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(str(error)) from error
    _only(members, frozenset({"salt", "epoch"}), "the file")
    try:
        return GroupRegister(
            tuple(_salt(n, table) for n, table in enumerate(_tables(members, "salt"), 1)),
            tuple(_epoch(table) for table in _tables(members, "epoch")),
        )
    except (IdentifierError, ValueError) as error:
        raise _error(str(error)) from error


def _salt_lines(salt: SaltKey) -> Iterator[str]:
    yield f'id = "{salt.name}"'
    yield f'check = "{salt.check}"'
    yield f'source = "{salt.source}"'
    yield f"made = {{{_act_text(salt.made)}}}"


def _epoch_lines(epoch: Epoch) -> Iterator[str]:
    yield f'id = "{epoch.key_id}"'
    yield f'source = "{epoch.source}"'
    if epoch.arn:
        yield f'arn = "{epoch.arn}"'
    yield "history = ["
    for state, act in epoch.history:
        yield f'  {{state = "{state}", {_act_text(act)}}},'
    yield "]"
    if epoch.destroyed:
        yield f"destroyed = {{{_act_text(epoch.destroyed)}}}"


def _act_text(act: Act) -> str:
    reason = f", reason = {_quoted(act.reason)}" if act.reason else ""
    return f"time = {time_text(act.time)}, by = {_quoted(act.by)}{reason}"


def _quoted(text: str) -> str:
    # A JSON text of printable characters is a basic string of TOML too.
    return json.dumps(text, ensure_ascii=False)


def _salt(number: int, table: Mapping[str, object]) -> SaltKey:
    _only(table, _SALT, "a [[salt]]")
    salt = SaltKey(
        number=number,
        check=_text(table, "check"),
        source=Source(_text(table, "source")),
        made=_act(_table(table, "made")),
    )
    if _text(table, "id") != salt.name:
        raise _error(f"{_text(table, 'id')} stands where {salt.name} should")
    return salt


def _epoch(table: Mapping[str, object]) -> Epoch:
    _only(table, _EPOCH, "an [[epoch]]")
    return Epoch(
        key_id=GroupKeyId.parse(_text(table, "id")),
        source=Source(_text(table, "source")),
        arn=check_arn(_text(table, "arn")) if "arn" in table else "",
        history=tuple(_step(step) for step in _tables(table, "history")),
        destroyed=_act(_table(table, "destroyed")) if "destroyed" in table else None,
    )


def _step(table: Mapping[str, object]) -> tuple[EpochState, Act]:
    rest = {name: value for name, value in table.items() if name != "state"}
    return EpochState(_text(table, "state")), _act(rest)


def _act(table: Mapping[str, object]) -> Act:
    _only(table, _ACT, "an act")
    time = table.get("time")
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise _error(f"time is {time!r}, no point in time")
    return Act(time, _text(table, "by"), _text(table, "reason") if "reason" in table else "")


def _table(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = table.get(name)
    if not isinstance(value, dict):
        raise _error(f"{name} is {value!r}, no table")
    return value


def _tables(table: Mapping[str, object], name: str) -> list[dict[str, object]]:
    value = table.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _error(f"{name} is no list of tables")
    return value


def _text(table: Mapping[str, object], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value:
        raise _error(f"{name} is {value!r}, no text")
    return value


def _only(table: Mapping[str, object], names: frozenset[str], what: str) -> None:
    for name in table:
        if name not in names:
            raise _error(f"{what} has a member {name!r}, which it may not have")


def _error(message: str) -> ConfigError:
    return ConfigError(f"{GROUPS_NAME}: {message}", _REMEDY)
