"""Tables of the public TOML files of keys, read member by member, and who did what in them.

`keys.toml`, `groups.toml` and `escrow.toml` are written by commands alone, so whatever else stands
in them is an error that names the file. What tables mean together is their registers' matter.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from passport.encoding.timestamp import time_text
from passport.errors import ConfigError

_ACT = frozenset({"time", "by", "reason"})
_REMEDY = "put the file back from Git: only `cellfolio keys` changes it"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, when, and why if they said so; `ConfigError` for nobody."""

    time: datetime
    by: str
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.by.strip() or not (self.by + self.reason).isprintable():
            raise ConfigError(
                "it is not said who does this",
                "name somebody, and a reason, in printable characters",
            )

    def __str__(self) -> str:
        """Return it as members of an inline table."""
        reason = f", reason = {toml_text(self.reason)}" if self.reason else ""
        return f"time = {time_text(self.time)}, by = {toml_text(self.by)}{reason}"


def toml_text(text: str) -> str:
    """Return a printable text as TOML; a JSON text of such characters is a basic string too."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file; each method raises `ConfigError` for what should not stand there."""

    file: str
    members: Mapping[str, object]

    @classmethod
    def of_file(cls, file: str, text: str) -> Self:
        """Read a whole file."""
        try:
            return cls(file, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise file_error(file, str(error)) from error

    def only(self, names: frozenset[str], what: str) -> None:
        """Hold it to known members."""
        for name in self.members:
            if name not in names:
                raise self.error(f"{what} has a member {name!r}, which it may not have")

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default where it is missing."""
        value = self.members.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise self.error(f"{name} is {value!r}, no text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.members.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{name} is no list of texts")
        return tuple(value)

    def table(self, name: str) -> Self:
        """Return a table inside it."""
        value = self.members.get(name)
        if not isinstance(value, dict):
            raise self.error(f"{name} is {value!r}, no table")
        return type(self)(self.file, value)

    def tables(self, name: str) -> tuple[Self, ...]:
        """Return a list of tables."""
        value = self.members.get(name)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{name} is no list of tables")
        return tuple(type(self)(self.file, item) for item in value)

    def time(self, name: str) -> datetime:
        """Return a point in time."""
        value = self.members.get(name)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.error(f"{name} is {value!r}, no point in time")
        return value

    def without(self, name: str) -> Self:
        """Return it without a member."""
        rest = {each: value for each, value in self.members.items() if each != name}
        return type(self)(self.file, rest)

    def act(self) -> Act:
        """Return who did something, of which this is the table."""
        self.only(_ACT, "an act")
        return Act(self.time("time"), self.text("by"), self.text("reason", ""))

    def error(self, message: str) -> ConfigError:
        """Return an error about this file."""
        return file_error(self.file, message)


def file_error(file: str, message: str) -> ConfigError:
    """Return an error about a file that only commands write."""
    return ConfigError(f"{file}: {message}", _REMEDY)
