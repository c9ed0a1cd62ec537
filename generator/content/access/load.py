"""Access: the files below `content/access/` become `AccessContent`.

Who may have keys of restricted groups: the policy, the clients, the issuers of role credentials,
and what is refused to everybody. The brokers get it as a signed bundle; a site publishes the policy
without persons, and nothing else of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.content.access.clients import (
    ClientEntry,
    IssuerEntry,
    read_client,
    read_issuers,
)
from generator.content.access.policy import read_policy
from generator.content.access.refused import RefusalEntry, read_refused
from generator.content.files import entries, files_of, is_read, strange, told_path
from generator.content.yaml.members import read_members
from passport.access.decision import AccessPolicy
from passport.access.refusal import Refusals
from passport.problems import Findings

ACCESS_FOLDER = "access"
"""The folder below `content/`."""
POLICY_KIND = f"{ACCESS_FOLDER}/policy.yaml"
"""The schema of a policy (`content_schemas`)."""
POLICY_FILE = f"content/{POLICY_KIND}"
_ISSUERS_KIND = f"{ACCESS_FOLDER}/issuers.yaml"
_ISSUERS_FILE = f"content/{_ISSUERS_KIND}"

_FILES = ("policy.yaml", "issuers.yaml", "refused.jsonl")
_CLIENTS = "clients"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessContent:
    """What a project says of access; `policy` is None where it has none, or none that can be read.

    The policy's refusals are those of `refusals`.
    """

    policy: AccessPolicy | None = None
    clients: tuple[ClientEntry, ...] = ()
    issuers: tuple[IssuerEntry, ...] = ()
    refusals: tuple[RefusalEntry, ...] = ()
    has_policy_file: bool = False

    @property
    def refused(self) -> Refusals:
        """What is refused to everybody."""
        return Refusals(tuple(entry.refusal for entry in self.refusals))


def read_access(project: Path, language: str, findings: Findings) -> AccessContent:
    """Read the folder; what is wrong is noted, and left out."""
    folder = project / "content" / ACCESS_FOLDER
    for path in entries(folder):
        names = (_CLIENTS,) if path.is_dir() else _FILES if is_read(path) else ()
        if path.name not in names:
            known = ", ".join((*_FILES, f"{_CLIENTS}/"))
            strange(path, f"{ACCESS_FOLDER}/ holds {known}", project, findings)
    refusals = tuple(read_refused(project, findings))
    refused = Refusals(tuple(entry.refusal for entry in refusals))
    policy = read_members(project / POLICY_FILE, POLICY_KIND, POLICY_FILE, language, findings)
    issuers = read_members(
        project / _ISSUERS_FILE, _ISSUERS_KIND, _ISSUERS_FILE, language, findings
    )
    return AccessContent(
        policy=read_policy(policy, refused) if policy else None,
        clients=tuple(_clients(project, language, findings)),
        issuers=tuple(read_issuers(issuers)) if issuers else (),
        refusals=refusals,
        has_policy_file=(project / POLICY_FILE).is_file(),
    )


def _clients(project: Path, language: str, findings: Findings) -> Iterator[ClientEntry]:
    folder = project / "content" / ACCESS_FOLDER / _CLIENTS
    for path in files_of(folder, (".yaml",), "clients are .yaml files", project, findings):
        kind = f"{ACCESS_FOLDER}/{_CLIENTS}/*.yaml"
        members = read_members(path, kind, told_path(path, project), language, findings)
        client = read_client(path.stem, members) if members else None
        if client is not None:
            yield client
