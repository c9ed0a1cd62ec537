"""The `cellfolio` command: finds its subcommands, translates errors into exit codes.

Each subcommand is a module of this package that holds a click command named `command`, loaded
when it is called. Exit codes (DESIGN 9): 0 ok, 1 errors in content, 2 usage, 3 environment,
4 verification failed. Reports go to stdout, everything else to stderr.
"""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from passport.errors import (
    ConfigError,
    ContentError,
    HostError,
    IdentifierError,
    PassportError,
    PublishError,
    VerificationError,
)

COMMANDS = {
    "access": "Say who may read restricted groups, and sign it for brokers.",
    "adopt": "Adopt a mirror and escrowed keys as successor.",
    "build": "Build the site from content/.",
    "check": "Check content and say what must be mended.",
    "check-deploy": "Check how a host serves a site.",
    "client-key": "Make the key with which your organisation asks brokers.",
    "client-request": "Print the entry by which an operator makes you a client.",
    "datapoints": "List the data points of battery passports.",
    "deploy": "Deploy a built site to a bucket or a folder.",
    "diff": "Say what a change of content means for passports.",
    "doctor": "Check what surrounds a project, and say what to do.",
    "event": "Write events of a battery's life into content/events.",
    "evidence": "Say which values have evidence, and print the register.",
    "export": "Export one passport as JSON or as a table.",
    "hosts": "Print what a host must be told, from the table of headers.",
    "import": "Import batteries or data points from CSV, Excel or JSONL.",
    "init": "Make a new site in an empty folder.",
    "keys": "Make, list, rotate and revoke the keys of a site.",
    "labels": "Print labels of batteries, checked before print.",
    "leakcheck": "Look for restricted values in every file of a site.",
    "list": "List batteries, all or those that filters and WORDS choose.",
    "log": "Verify the log of a site, and prove what it says.",
    "mirror": "Mirror a published site, verified, only what changed.",
    "open": "Open restricted groups with their group keys.",
    "refresh": "Refresh the status lists of a built site.",
    "reproduce": "Reproduce a site from its content, without any private key.",
    "resolve": "Resolve a DID: did:web, did:webvh or did:key.",
    "schema": "Write JSON Schemas of the YAML files in content/, for editors.",
    "scope": "Say which batteries need a passport, and why.",
    "serve": "Serve the built site on this machine.",
    "show": "Show which version of a passport was current at a date.",
    "theme": "List the files of the theme, and take over one of them.",
    "unlock": "Unlock restricted groups with keys that brokers release.",
    "verify": "Verify a passport or a whole site.",
}
_EXIT_CODES: tuple[tuple[type[PassportError], int], ...] = (
    (ContentError, 1),
    (PublishError, 1),
    (ConfigError, 2),
    (IdentifierError, 2),
    (HostError, 3),
    (VerificationError, 4),
)
_WIDTH = 100
"""Columns that the list of commands may take, so that each has one line."""
_REMEDY = "see that it is what it should be, may be read and written, and that the disk has room"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What every command gets: the project's folder."""

    project: Path


class _Commands(click.Group):
    """Subcommands by name, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"generator.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.width = max(formatter.width, _WIDTH)
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The folder that holds cellfolio.toml; default: here.",
)
@click.version_option(package_name="cellfolio")
@click.pass_context
def cli(ctx: click.Context, project: Path) -> None:
    """EU battery passports as signed static files.

    \b
    Example: cellfolio --project my-site check

    Exit codes: 0 ok, 1 errors in content, 2 usage, 3 environment, 4 verification failed.
    """
    ctx.obj = Workspace(project)


def main() -> None:
    """Run the command line; the one place where errors become exit codes."""
    try:
        cli.main(prog_name="cellfolio")
    except PassportError as error:
        click.echo(f"cellfolio: {error}", err=True)
        sys.exit(exit_code(error))
    except OSError as error:
        # A full disk, a folder without rights, a file where a folder should be: not ours to mend.
        problem = HostError(f"{error.filename or 'this machine'}: {_reason(error)}", _REMEDY)
        click.echo(f"cellfolio: {problem}", err=True)
        sys.exit(exit_code(problem))


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()


def exit_code(error: PassportError) -> int:
    """The exit code of an error."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)
