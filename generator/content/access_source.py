"""Access as it stands, or stood: in a folder, in a revision that Git has, or in one policy file.

For comparing two states. What can't be read in full is an error: half a policy compares with
nothing.
"""

import io
import subprocess
import tarfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.content.access import ACCESS_FOLDER, AccessContent, read_access
from generator.content.access_policy import read_policy
from generator.content.members import read_members
from passport.access import Refusals
from passport.access_changes import AccessState
from passport.errors import ConfigError, ContentError
from passport.problems import Findings
from passport.quoting import quoted

_LANGUAGE = "en"


def read_state(source: str, project: Path) -> AccessState:
    """Read what `source` names: a policy file, a project's folder, or a revision of this project.

    `ContentError` for content with errors, `ConfigError` for what names nothing.
    """
    path = Path(source)
    if path.is_file():
        return _of_file(path)
    if path.is_dir():
        return _of_folder(path, source)
    return _of_revision(source, project)


def state_of(access: AccessContent) -> AccessState:
    """Return what a project's content says, to compare it."""
    return AccessState(
        policy=access.policy,
        clients=tuple(entry.client for entry in access.clients),
        issuers=tuple(entry.issuer for entry in access.issuers),
    )


def day_of(state: AccessState, today: date) -> date:
    """Return the day on which a state is compared: when its policy comes into force, or today."""
    return max(today, state.policy.period.start) if state.policy else today


def _of_file(path: Path) -> AccessState:
    findings = Findings()
    members = read_members(path, str(path), _LANGUAGE, findings)
    policy = read_policy(members, Refusals()) if members else None
    _refuse(findings)
    return AccessState(policy=policy)


def _of_folder(folder: Path, source: str) -> AccessState:
    if not (folder / "content" / ACCESS_FOLDER).is_dir():
        raise ConfigError(
            f"{source} has no content/{ACCESS_FOLDER}", "name a project's folder, or a revision"
        )
    findings = Findings()
    access = read_access(folder, _LANGUAGE, findings)
    _refuse(findings)
    return state_of(access)


def _of_revision(revision: str, project: Path) -> AccessState:
    if revision.startswith("-"):
        raise ConfigError(f"{quoted(revision)} is no revision", "name one that Git knows")
    commit = _git(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None:
        raise ConfigError(
            f"{quoted(revision)} is neither a file, nor a folder, nor a revision that Git knows",
            "name two of these, such as HEAD~1 and HEAD",
        )
    name = commit.decode().strip()
    archive = _git(project, "archive", "--format=tar", name, f"content/{ACCESS_FOLDER}")
    if archive is None:
        return AccessState(policy=None)
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        return _of_folder(Path(folder), revision)


def _git(project: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _refuse(findings: Findings) -> None:
    if findings.has_errors:
        raise ContentError(findings.problems)
