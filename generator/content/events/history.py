"""History: what was committed of `content/events` stays as it is; files only grow at their end.

Git is asked twice: whether the committed text of each file still begins the file, and whether an
earlier commit took lines away. A commit that had to (personal data written by mistake, say) tells
why in a line `Passport-Events-Rewritten: …` of its message, which reviewers read with it.
Outside Git nothing is known, and nothing is told.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from generator.content.events.files import EVENTS_FOLDER
from generator.content.files import told_path
from generator.store.git import git, git_text
from passport.problems import Place, Problem

TRAILER = "Passport-Events-Rewritten"
RULE = "rewritten-history"
# No attribute in the repository may hide what a commit took away: "-" counts lines of no text.
_TAKEN = re.compile(rb"\n?(?:[0-9]+\t[1-9][0-9]*|-\t-)\t(.+)")
_AS_BYTES = ("--no-renames", "--text", "--no-textconv")
_REMEDY = "restore it; to withdraw an event, append one of the kind correction"


def rewritten_history(project: Path, private_root: str) -> Iterator[Problem]:
    """Tell each place where committed events were changed or removed."""
    roots = (project, project / private_root) if private_root else (project,)
    for root in roots:
        if (root / EVENTS_FOLDER).is_dir() or root is project:
            yield from _since_commit(root, project)
            yield from _in_commits(root, project)


def _since_commit(root: Path, project: Path) -> Iterator[Problem]:
    folder = EVENTS_FOLDER.as_posix()
    listed = git(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", folder) or b""
    for name in filter(None, listed.split(b"\0")):
        path = root / name.decode()
        file = told_path(path, project)
        committed = git(root, "show", f"HEAD:./{name.decode()}") or b""
        if not path.is_file():
            yield _told(Place(file), "this file was committed and is gone", _REMEDY)
        elif (line := _first_difference(committed, path)) is not None:
            message = "this line is not the one that was committed"
            yield _told(Place(file, line), message, _REMEDY)


def _first_difference(committed: bytes, path: Path) -> int | None:
    """The first line at which a file doesn't go on as committed; a signed one is whole."""
    now = path.read_bytes()
    is_same = now.startswith(committed) if path.suffix == ".jsonl" else now == committed
    if is_same:
        return None
    before, after = committed.splitlines(), now.splitlines()
    pairs = enumerate(zip(before, after, strict=False), 1)
    found = (number for number, (one, other) in pairs if one != other)
    return next(found, max(1, min(len(before), len(after))))


def _in_commits(root: Path, project: Path) -> Iterator[Problem]:
    """Commits that took lines away, merges from any parent; only they are looked at closer."""
    told = ("-z", "--numstat", "--format=%H", "--relative", *_AS_BYTES)
    log = git(root, "log", "--full-history", "-m", *told, "--", EVENTS_FOLDER.as_posix())
    commit, taken = b"", dict[tuple[str, str], None]()
    for each in (log or b"").split(b"\0"):
        if match := _TAKEN.fullmatch(each):
            taken[commit.decode(), match[1].decode()] = None
        elif b"\t" not in each:
            commit = each
    for told_once in taken:
        yield from _taken_away(root, project, *told_once)


def _taken_away(root: Path, project: Path, commit: str, name: str) -> Iterator[Problem]:
    shown = git(root, "show", "-m", "--format=", *_AS_BYTES, "--unified=0", commit, "--", name)
    lines = (shown or b"").splitlines()
    added = {line[1:] for line in lines if line[:1] == b"+"}
    gone = {line[1:] for line in lines if line[:1] == b"-" and line[:3] != b"---"}
    if gone <= added:  # a last line that got its line feed
        return
    format_ = f"--format=%(trailers:key={TRAILER},valueonly)"
    if git_text(root, "show", "-s", format_, commit):
        return
    message = f"commit {commit[:12]} took events away"
    remedy = f"append what it removed, or tell why in its message: {TRAILER}: …"
    yield _told(Place(told_path(root / name, project)), message, remedy)


def _told(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, "$", RULE, message, remedy)
