"""Why passports change: what a commit says in `Passport-Reason: CODE: TEXT`.

The codes are the list `change_reason` of the registry; the text behind them is free, and `other`
needs one. Spec: requirements 6. Where commits lie, and which changes want a reason, isn't known
here.
"""

from dataclasses import dataclass
from typing import Self

from passport.errors import ValueFormatError
from passport.quoting import quoted
from passport.registry import registry

TRAILER = "Passport-Reason"
"""The line of a commit's message that holds the reason."""

_LIST = "change_reason"
_OTHER = "other"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """A code of the list `change_reason`, and what else was said, "" for nothing."""

    code: str
    text: str = ""

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what stands behind `Passport-Reason:`; raises `ValueFormatError`."""
        code, _, text = (part.strip() for part in line.partition(":"))
        if code not in registry().code_lists[_LIST]:
            raise ValueFormatError(
                f"{quoted(code)} is no reason of the list",
                f"begin it with {' or '.join(registry().code_lists[_LIST])}",
            )
        if code == _OTHER and not text:
            raise ValueFormatError(f"the reason {_OTHER} says nothing", f"write {_OTHER}: and why")
        if len(text) > _LONGEST or not text.isprintable():
            raise ValueFormatError(
                f"the reason has {len(text)} characters or hidden ones",
                f"write up to {_LONGEST} characters behind the code",
            )
        return cls(code, text)

    def __str__(self) -> str:
        return f"{self.code}: {self.text}" if self.text else self.code
