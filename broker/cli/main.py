"""The `cellfolio-broker` command: finds its subcommands, translates errors into exit codes.

As `cellfolio` does (DESIGN 9): 0 ok, 1 errors in content, 2 usage, 3 environment, 4 verification
failed. Reports go to stdout, everything else to stderr.
"""

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from broker.config import VARIABLE, Settings, read_settings
from passport.errors import (
    ConfigError,
    HostError,
    IdentifierError,
    PassportError,
    VerificationError,
)

COMMANDS = {
    "audit": "Verify and export the audit log, and erase a person from it.",
    "check-config": "Check settings, keys and bundle without serving.",
    "deny": "Take away at once, ahead of the next bundle.",
    "serve": "Serve clients, and health and metrics.",
}
_EXIT_CODES: tuple[tuple[type[PassportError], int], ...] = (
    (ConfigError, 2),
    (IdentifierError, 2),
    (HostError, 3),
    (VerificationError, 4),
)


@dataclass(frozen=True, slots=True)
class Host:
    """What every command gets: where the settings are."""

    config: Path | None

    def settings(self) -> Settings:
        """Return the settings, from the file and the environment; `ConfigError`."""
        return read_settings(self.config, os.environ)


class _Commands(click.Group):
    """Subcommands by name, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"broker.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file of settings; default: variables named {VARIABLE}… alone.",
)
@click.version_option(package_name="cellfolio")
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """The token broker: releases keys of restricted data to those entitled.

    \b
    Example: cellfolio-broker --config /etc/cellfolio/broker.toml check-config

    Exit codes: 0 ok, 1 errors in content, 2 usage, 3 environment, 4 verification failed.
    """  # noqa: D301 (click's paragraph mark)
    ctx.obj = Host(config)


def main() -> None:
    """Run the command line; the one place where errors become exit codes."""
    try:
        cli.main(prog_name="cellfolio-broker")
    except PassportError as error:
        _leave(error)
    except OSError as error:
        reason = (error.strerror or str(error) or type(error).__name__).lower()
        place = error.filename or "this machine"
        _leave(HostError(f"{place}: {reason}", "see that it may be read and written"))


def _leave(error: PassportError) -> None:
    click.echo(f"cellfolio-broker: {error}", err=True)
    sys.exit(next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1))
