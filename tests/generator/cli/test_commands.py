"""All commands: they are listed, explained with an example, and fail with the right exit code."""

from pathlib import Path

import click
import pytest

from generator.cli import main as command_line
from generator.cli.main import COMMANDS, cli
from passport import errors
from passport.problems import Place, Problem
from tests.cli import CommandLine

PROBLEM = Problem(place=Place("a.yaml"), path="$", rule="r", message="is bad", remedy="mend it")


def test_help_lists_every_command(run: CommandLine) -> None:
    done = run("--help")
    assert done.code == 0
    lines = [line.split(maxsplit=1) for line in done.out.splitlines()]
    assert [line for line in lines if line and line[0] in COMMANDS] == [
        [name, told] for name, told in COMMANDS.items()
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example(run: CommandLine, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    examples = [line.strip() for line in done.out.splitlines() if "Example:" in line]
    assert examples
    assert all(example.startswith(f"Example: cellfolio {name}") for example in examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_begins_as_the_command_does(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help is not None
    assert command.help.split()[0] == COMMANDS[name].split()[0]


def test_there_is_a_module_for_every_command_and_a_command_for_every_such_module() -> None:
    folder = Path(command_line.__file__).parent
    found = {path.stem for path in folder.glob("*.py") if "\ndef command(" in path.read_text()}
    assert found == {name.replace("-", "_") for name in COMMANDS}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ContentError((PROBLEM,)), 1),
        (errors.PublishError("the site is half written", "finish it"), 1),
        (errors.ConfigError("a setting is wrong", "mend it"), 2),
        (errors.HostError("the port is taken", "take another"), 3),
        (errors.VerificationError("the digest differs", "fetch it again"), 4),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_becomes_its_exit_code(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch, error: errors.PassportError, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", fail)
    done = run("check")
    assert (done.code, done.out, done.err) == (code, "", f"cellfolio: {error}\n")


def _of_broker(kind: type) -> bool:
    return kind.__module__.startswith("broker.")


def test_every_error_has_an_exit_code() -> None:
    # Errors of a value's form are told as problems of content, and never reach the edge bare.
    values = {errors.IdentifierError, errors.ValueFormatError}
    known = {kind for kind, _ in command_line._EXIT_CODES}
    # The broker's own errors are its edge's, and only there when a test imported it.
    found = {kind for kind in errors.PassportError.__subclasses__() if not _of_broker(kind)}
    assert found == known | values


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bild"], "No such command 'bild'"),
        (["check", "--as-of", "soon"], "'soon' does not match"),
        (["schema", "--editor", "ed"], "'ed' is not 'vscode'"),
        (["serve", "--port", "70000"], "70000 is not in the range"),
    ],
)
def test_a_wrong_call_is_told_and_ends_with_2(
    run: CommandLine, words: list[str], told: str
) -> None:
    run.fails_saying(told, *words)


@pytest.mark.parametrize("name", ["check", "build"])
def test_a_folder_that_is_no_project(run: CommandLine, tmp_path: Path, name: str) -> None:
    done = run("--project", tmp_path / "nowhere", name)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"cellfolio: there is no cellfolio.toml in {tmp_path / 'nowhere'}: run `cellfolio init` in "
        "an empty folder, or name the project with --project\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_the_machine_refuses_is_told_without_a_traceback(
    run: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "cellfolio.toml").mkdir()
    done = run("--project", tmp_path, "check")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"cellfolio: {tmp_path / 'cellfolio.toml'}: is a directory: see ")
