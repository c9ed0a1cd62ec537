"""Access: the files below `content/access/` become `AccessContent`.

Who may have keys of restricted groups: the policy, the clients, the issuers of role credentials,
and what is refused to everybody. The brokers get it as a signed bundle; a site publishes the policy
without persons, and nothing else of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.content.access_clients import (
    ClientEntry,
    IssuerEntry,
    read_client,
    read_issuers,
)
from generator.content.access_policy import read_policy
from generator.content.access_refused import RefusalEntry, read_refused
from generator.content.located import as_mapping
from generator.content.members import Members
from generator.content.strict_yaml import read_yaml
from passport.access import AccessPolicy, Refusals
from passport.problems import Findings, Place

ACCESS_FOLDER = "access"
"""The folder below `content/`."""
POLICY_FILE = f"content/{ACCESS_FOLDER}/policy.yaml"

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
    if not folder.is_dir():
        return AccessContent()
    _strange_files(folder, findings)
    refusals = tuple(read_refused(project, findings))
    refused = Refusals(tuple(entry.refusal for entry in refusals))
    policy = _members(project, POLICY_FILE, language, findings)
    issuers = _members(project, f"content/{ACCESS_FOLDER}/issuers.yaml", language, findings)
    return AccessContent(
        policy=read_policy(policy, refused) if policy else None,
        clients=tuple(_clients(project, language, findings)),
        issuers=tuple(read_issuers(issuers)) if issuers else (),
        refusals=refusals,
        has_policy_file=(project / POLICY_FILE).is_file(),
    )


def _clients(project: Path, language: str, findings: Findings) -> Iterator[ClientEntry]:
    for path in sorted((project / "content" / ACCESS_FOLDER / _CLIENTS).glob("*.yaml")):
        members = _members(project, path.relative_to(project).as_posix(), language, findings)
        client = read_client(path.stem, members) if members else None
        if client is not None:
            yield client


def _members(project: Path, name: str, language: str, findings: Findings) -> Members | None:
    path = project / name
    if not path.is_file():
        return None
    node = read_yaml(path.read_bytes(), name, findings)
    mapping = None if node is None else as_mapping(node, "$", findings)
    return Members(mapping, "$", language, findings) if mapping else None


def _strange_files(folder: Path, findings: Findings) -> None:
    known = ", ".join((*_FILES, f"{_CLIENTS}/"))
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _FILES:
            continue
        if path.name == _CLIENTS and path.is_dir():
            for each in sorted(path.iterdir()):
                if each.suffix != ".yaml" and not each.name.startswith("."):
                    name = f"content/{ACCESS_FOLDER}/{_CLIENTS}/{each.name}"
                    _strange(name, "clients are .yaml files", findings)
        else:
            _strange(
                f"content/{ACCESS_FOLDER}/{path.name}", f"{ACCESS_FOLDER}/ holds {known}", findings
            )


def _strange(name: str, what: str, findings: Findings) -> None:
    findings.error(
        Place(name), "$", "strange-file", "nothing reads this", f"move or rename it: {what}"
    )
