"""The option `--keys`: what escrow files hold, for commands that open what was sealed."""

from collections.abc import Callable

import click

from passport.errors import ConfigError, VerificationError
from passport.sealing.escrow import EscrowedKey, parse_escrow
from passport.sealing.group_key import GroupKeyId

_Command = Callable[..., None]


def keys_option(more: str) -> Callable[[_Command], _Command]:
    """Return the option; the command gets the keys, each once and in order."""
    return click.option(
        "--keys",
        type=click.Path(allow_dash=True, path_type=str),
        multiple=True,
        metavar="FILE|-",
        callback=lambda _context, _option, names: _read(names),
        help=f"What `age -d` prints of an escrow file; {more}.",
    )


def _read(names: tuple[str, ...]) -> tuple[EscrowedKey, ...]:
    found: dict[GroupKeyId, EscrowedKey] = {}
    for name in names:
        with click.open_file(name, "rb") as file:
            content = file.read()
        try:
            found.update((each.key_id, each) for each in parse_escrow(content))
        except VerificationError as error:
            raise ConfigError(
                f"--keys {name}: {error.message}", "give what `age -d` prints of an escrow file"
            ) from error
    return tuple(found[key_id] for key_id in sorted(found))
