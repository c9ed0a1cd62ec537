"""Print docs/cli.md: what every command says of itself; `make docs` keeps the file up to date."""

from collections.abc import Iterator

import click

from generator.cli.main import COMMANDS, cli

INTRODUCTION = """\
# The command line

Made by `make docs` from what `cellfolio COMMAND --help` says. Exit codes: 0 ok, 1 errors in
content, 2 usage, 3 environment, 4 verification failed. Reports go to stdout, all else to stderr.
"""


def pages() -> Iterator[str]:
    """Yield the sections of docs/cli.md."""
    yield INTRODUCTION
    top = click.Context(
        cli, info_name="cellfolio", terminal_width=80, help_option_names=["-h", "--help"]
    )
    yield _section("cellfolio", cli.get_help(top))
    for name in COMMANDS:
        command = cli.get_command(top, name)
        assert command is not None, f"{name} is listed but not there"
        yield from _sections(click.Context(command, info_name=name, parent=top, terminal_width=80))


def _sections(context: click.Context) -> Iterator[str]:
    """A command's section, and for a group those of its commands below it."""
    yield _section(context.command_path, context.get_help())
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            below = click.Context(command, info_name=name, parent=context, terminal_width=80)
            yield from _sections(below)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    click.echo("\n".join(pages()), nl=False)
