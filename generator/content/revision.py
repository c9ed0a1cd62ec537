"""The revision that a build is made from: commit and time, as Git tells them.

A build of a clean commit is dated by the commit, so that two machines make the same bytes; anything
else is dated now (DESIGN 5). `SOURCE_DATE_EPOCH` overrides both.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.store.git import git_text, run_git
from passport.change_reason import TRAILER
from passport.errors import ConfigError

_REASONS = f"--format=%(trailers:key={TRAILER},valueonly,unfold)"


@dataclass(frozen=True, slots=True)
class Revision:
    """`commit` is "" outside Git and for a folder with changes that are not committed.

    `reason` is what the commit's `Passport-Reason:` lines say, "" without one; a merge says what
    the commits say that it brings in.
    """

    commit: str
    time: datetime
    reason: str = ""


def read_revision(project: Path) -> Revision:
    """Ask Git about the project's folder, and the environment for a fixed time."""
    commit = git_text(project, "rev-parse", "HEAD")
    is_clean = commit != "" and git_text(project, "status", "--porcelain", "--", ".") == ""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    reason = ", ".join(reasons_since("HEAD^1", "HEAD", project)) if is_clean else ""
    if fixed:
        return Revision(commit if is_clean else "", _epoch(fixed), reason)
    if is_clean:
        seconds = git_text(project, "show", "-s", "--format=%ct", "HEAD")
        return Revision(commit, _epoch(seconds), reason)
    return Revision("", datetime.now(UTC).replace(microsecond=0))


def reasons_since(before: str, after: str, project: Path) -> tuple[str, ...]:
    """Return what commits say behind `Passport-Reason:`, the oldest first.

    They are those that `after` has and `before` has not; where there is no `before`, which the
    first commit lacks, only `after` itself is asked.
    """
    told = git_text(project, "log", "--reverse", _REASONS, f"{before}..{after}", "--")
    if not told and not git_text(project, "rev-parse", "--verify", "--quiet", before):
        told = git_text(project, "show", "-s", _REASONS, after, "--")
    return tuple(dict.fromkeys(filter(None, map(str.strip, told.splitlines()))))


def changes_between(before: str, after: str, project: Path) -> bool:
    """Whether Git knows both revisions and the project's content, keys or settings differ."""
    parts = ("content", "keys", "cellfolio.toml")
    return git_text(project, "diff", "--name-only", before, after, "--", *parts) != ""


def require_signed(project: Path, revision: Revision) -> None:
    """Raise `ConfigError` unless the content is a commit that somebody trusted signed.

    Who is trusted is for Git to know: `gpg.ssh.allowedSignersFile`, or the keyring of GPG.
    """
    if not revision.commit:
        raise ConfigError(
            "the content is no commit, so nobody can have signed it",
            "commit all changes, signed: git commit -S",
        )
    done = run_git(project, "verify-commit", revision.commit)
    if done is None or done.returncode != 0:
        printed = b"" if done is None else done.stderr or done.stdout
        said = printed.decode("utf-8", "replace").strip().replace("\n", "; ")
        raise ConfigError(
            f"commit {revision.commit} has no good signature{f' ({said})' if said else ''}",
            "sign it with git commit -S, and tell Git whom to trust: gpg.ssh.allowedSignersFile, "
            "or a key in GPG's keyring",
        )


def _epoch(seconds: str) -> datetime:
    if not seconds.isascii() or not seconds.isdecimal():
        raise ConfigError(
            f"SOURCE_DATE_EPOCH is {seconds!r}", "give whole seconds since 1970, or unset it"
        )
    return datetime.fromtimestamp(int(seconds), UTC)
