"""Access as it stands, or stood: in a folder, in a revision that Git has, or in one policy file.

For comparing two states. A name that Git knows is a revision even where a file is called so, since
a branch can bring files. What can't be read in full is an error: half a policy compares with none.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.content.access.load import ACCESS_FOLDER, POLICY_KIND, AccessContent, read_access
from generator.content.access.policy import read_policy
from generator.content.revision_files import find_commit, lay_out
from generator.content.yaml.members import read_members
from passport.access.changes import AccessState
from passport.access.refusal import Refusals
from passport.errors import ConfigError, ContentError
from passport.problems import Findings
from passport.quoting import quoted

_LANGUAGE = "en"


def read_state(source: str, project: Path) -> AccessState:
    """Read what `source` names: a policy file, a project's folder, or a revision of this project.

    `ContentError` for content with errors, `ConfigError` for what names nothing.
    """
    path = Path(source)
    if commit := find_commit(source, project):
        return _of_revision(commit, source, project)
    if path.is_file():
        return _of_file(path)
    if path.is_dir():
        return _of_folder(path, source)
    raise ConfigError(
        f"{quoted(source)} is neither a file, nor a folder, nor a revision that Git knows",
        "name two of these, such as HEAD~1 and HEAD",
    )


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
    members = read_members(path, POLICY_KIND, str(path), _LANGUAGE, findings)
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


def _of_revision(commit: str, source: str, project: Path) -> AccessState:
    name = f"content/{ACCESS_FOLDER}"
    with TemporaryDirectory(prefix="cellfolio-") as scratch:
        folder = Path(scratch)
        if left_out := lay_out(commit, project, folder, (name,)):
            raise ConfigError(
                f"{', '.join(map(quoted, left_out))} of {source} is no file that can be compared",
                "put a file with a plain name in its place",
            )
        return _of_folder(folder, source) if (folder / name).is_dir() else AccessState(policy=None)


def _refuse(findings: Findings) -> None:
    if findings.has_errors:
        raise ContentError(findings.problems)
