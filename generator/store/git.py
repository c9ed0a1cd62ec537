"""Git, asked about a folder: the one way in which everybody runs it.

It answers for the repository that the folder lies in, whichever a hook was started for, in English
and without what a user's settings add to look at. Names are names, never patterns; nothing waits
for a password or takes a lock that is not needed. Where Git is not installed nothing is known.
What an answer means isn't known here.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from passport.errors import HostError

_LONGEST_SECONDS = 600
_PLAIN = ("-c", "color.diff=false", "-c", "log.showSignature=false")
_CAREFUL = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def git(folder: Path, *words: str) -> bytes | None:
    """Return what Git prints; None where it fails or is not installed."""
    done = run_git(folder, *words)
    return done.stdout if done is not None and done.returncode == 0 else None


def git_text(folder: Path, *words: str) -> str:
    """Return what Git prints, without space around it; "" where it says nothing."""
    return (git(folder, *words) or b"").decode("utf-8", "replace").strip()


def run_git(
    folder: Path, *words: str, content: bytes = b""
) -> "subprocess.CompletedProcess[bytes] | None":
    """Run Git in a folder with `content` as its input; None where it is not installed.

    `HostError` when it takes longer than ten minutes.
    """
    try:
        return subprocess.run(
            _command(folder, words),
            input=content,
            capture_output=True,
            check=False,
            env=_environment(),
            timeout=_LONGEST_SECONDS,
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired as error:
        raise HostError(
            f"git {words[0]} gave no answer in {_LONGEST_SECONDS} seconds",
            f"try it in {folder}, and mend what it waits for",
        ) from error


@contextmanager
def git_answers(folder: Path, *words: str, asked: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """Have Git answer one line after another; what it says is read while it goes on."""
    with TemporaryFile() as lines:
        lines.writelines(asked)
        lines.seek(0)
        command = _command(folder, words)
        with subprocess.Popen(
            command, stdin=lines, stdout=subprocess.PIPE, env=_environment()
        ) as process:
            assert process.stdout is not None, "it is a pipe"
            yield process.stdout


def _command(folder: Path, words: tuple[str, ...]) -> list[str]:
    return ["git", "-C", str(folder), *_PLAIN, *words]


def _environment() -> dict[str, str]:
    kept = dict(os.environ)
    # Git exports it alone to hooks, and takes any folder for the top of that repository then;
    # whoever keeps repository and files apart names both.
    if "GIT_WORK_TREE" not in kept:
        kept.pop("GIT_DIR", None)
    return kept | _CAREFUL
