"""The files of a revision that Git has, laid out in a folder where they can be read.

Blob by blob: no attribute of the repository can hide a file from reviewers, and nothing of the
checkout is touched. A revision may come from anybody, so a link isn't followed, and no name leads
out of the folder. What the files say isn't known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from generator.store.git import git, git_answers, git_text
from passport.errors import ConfigError

_FILE_MODES = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of `git ls-tree`; `name` is told from the project's folder on."""

    name: str
    mode: bytes
    blob: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is a file with a name that stays in the folder."""
        is_name = "\ufffd" not in self.name and ".." not in PurePosixPath(self.name).parts
        return is_name and self.mode in _FILE_MODES


def find_commit(revision: str, project: Path) -> str:
    """Return the commit that a revision names, "" where Git knows none."""
    if revision.startswith("-"):
        return ""
    words = ("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return git_text(project, *words)


def lay_out(
    commit: str, project: Path, folder: Path, parts: tuple[str, ...], without: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Write parts of the project's own folder, which need not be the top of its repository.

    `without` are beginnings of names that nobody asks for. Return the names of what can't be laid
    out: links, submodules, and names that are no text or lead out of the folder. `ConfigError` for
    what Git lacks.
    """
    entries = [
        each for each in _listed(commit, project, parts) if not each.name.startswith(without)
    ]
    files = [each for each in entries if each.is_file]
    asked = (each.blob + b"\n" for each in files)
    with git_answers(project, "cat-file", "--batch", asked=asked) as answers:
        for each in files:
            path = folder / each.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_blob(answers, each.name))
    return tuple(each.name for each in entries if not each.is_file)


def _blob(answers: IO[bytes], name: str) -> bytes:
    """Read the next answer of `git cat-file --batch`: `<object> blob <size>`, then the bytes."""
    size = answers.readline().rsplit(b" ", 1)[-1].strip()
    if not size.isdigit():
        raise ConfigError(f"Git lacks {name} of that revision", "fetch the whole history")
    return answers.read(int(size) + 1)[:-1]


def _listed(commit: str, project: Path, parts: tuple[str, ...]) -> Iterator[_Entry]:
    listed = git(project, "ls-tree", "-r", "-z", commit, "--", *parts)
    if listed is None:
        raise ConfigError(f"Git can't list the files of {commit[:12]}", "fetch the whole history")
    for line in filter(None, listed.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.split(b" ")
        yield _Entry(name.decode(errors="replace"), mode, blob)
