"""Loading: a project's folder becomes typed content, all of its problems noted.

`content/` as DESIGN 3 lays it out. A folder or file that belongs to nothing is a problem, not
silently ignored: a misspelt name would otherwise lose a passport.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from generator.content.access.load import AccessContent, read_access
from generator.content.batteries import read_lot
from generator.content.config import SiteConfig, read_config
from generator.content.events.files import EventFiles, Lives, read_event_files
from generator.content.evidence import read_evidence
from generator.content.files import entries, files_of, is_read, strange, told_path
from generator.content.hosting import HOSTING_FILE, read_hosting
from generator.content.labels import LABELS_FILE, read_labels
from generator.content.model_source import ModelSource
from generator.content.models import read_model
from generator.content.operators import read_operator
from generator.content.private import PrivateRoot
from generator.content.tables.formats import SUFFIXES
from generator.content.withdrawn import WITHDRAWN_FILE, Withdrawal, read_withdrawn
from generator.content.yaml.members import read_members
from passport.errors import IdentifierError
from passport.evidence import EvidenceRegister
from passport.hosting import Hosting
from passport.identifiers import ProductUri
from passport.label_design import LabelDesign
from passport.model import (
    Battery,
    BatteryModel,
    EconomicOperator,
    RestrictedElements,
    battery_key,
)
from passport.problems import Findings
from passport.registry import Group

_FOLDERS = ("operators", "models", "batteries", "events", "access")
_FILES = (HOSTING_FILE, LABELS_FILE, WITHDRAWN_FILE)


class ReadLot(Protocol):
    """Reads the batteries of a lot; its name is the one that problems tell."""

    def __call__(
        self, path: Path, name: str, findings: Findings, /, *, allow_any_serial: bool
    ) -> Iterable[Battery]:
        """Return them, and note problems."""


@dataclass(frozen=True, slots=True)
class UnseenGroups:
    """The groups of one model that may lie in a private root which is not on this machine."""

    model: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a project says, as far as it could be read."""

    config: SiteConfig
    operators: tuple[EconomicOperator, ...]
    models: tuple[BatteryModel, ...]
    restricted: tuple[RestrictedElements, ...]
    evidence: tuple[EvidenceRegister, ...]
    batteries: tuple[Battery, ...]
    hosting: Hosting | None = None
    labels: tuple[LabelDesign, ...] = ()
    unseen: tuple[UnseenGroups, ...] = ()
    is_private_root_away: bool = False
    withdrawn: tuple[Withdrawal, ...] = ()
    events: EventFiles = field(default_factory=EventFiles)
    access: AccessContent = field(default_factory=AccessContent)

    def identified(
        self, batteries: Iterable[Battery]
    ) -> Iterator[tuple[BatteryModel, Battery, ProductUri]]:
        """Yield batteries with model and address; those that have none are told by checks."""
        models = {model.slug: model for model in self.models}
        for battery in batteries:
            model = models.get(battery.model)
            if model is not None:
                with suppress(IdentifierError):
                    key = battery_key(model, battery)
                    yield model, battery, ProductUri(self.config.base_url, key)

    def lives(self, as_of: date) -> Lives:
        """The lives of its batteries as they stand on a day."""
        operators = {operator.slug: operator for operator in self.operators}
        return Lives(
            files=self.events, base_url=self.config.base_url, operators=operators, as_of=as_of
        )


def load(project: Path, findings: Findings, lots: ReadLot = read_lot) -> Content:
    """Read a project; raises `ConfigError` for its settings, notes all other problems.

    `lots` reads a lot: `KnownLots.read` where several states of a project are read.
    """
    config = read_config(project)
    models: list[BatteryModel] = []
    restricted: list[RestrictedElements] = []
    evidence: list[EvidenceRegister] = []
    unseen: list[UnseenGroups] = []
    private = PrivateRoot(project, project / config.private_root) if config.private_root else None
    _strange_entries(project, findings)
    operators = tuple(_operators(project, config, findings))
    folders = entries(project / "content" / "models")
    if private is not None:
        private.strange_files((folder.name for folder in folders), findings)
    for folder in folders:
        of_model = private.of_model(folder.name) if private else None
        source = ModelSource(project, folder, config.language, findings, of_model)
        model, parts = read_model(source)
        restricted += parts
        if groups := source.unseen():
            unseen.append(UnseenGroups(folder.name, groups))
        if model is not None:
            models.append(model)
            evidence.append(read_evidence(source, model.documents))
    return Content(
        config=config,
        operators=operators,
        models=tuple(models),
        restricted=tuple(restricted),
        evidence=tuple(evidence),
        batteries=tuple(_batteries(project, config, findings, lots)),
        hosting=read_hosting(project, config.language, findings),
        labels=read_labels(project, config.language, findings),
        unseen=tuple(unseen),
        is_private_root_away=private is not None and private.is_away,
        events=read_event_files(project, _roots(project, private), findings),
        withdrawn=read_withdrawn(project, findings),
        access=read_access(project, config.language, findings),
    )


def _roots(project: Path, private: PrivateRoot | None) -> tuple[Path, ...]:
    return (project,) if private is None else (project, private.folder)


def _operators(project: Path, config: SiteConfig, findings: Findings) -> Iterator[EconomicOperator]:
    folder, what = project / "content" / "operators", "operators are .yaml files"
    for path in files_of(folder, (".yaml",), what, project, findings):
        members = read_members(
            path, "operators/*.yaml", told_path(path, project), config.language, findings
        )
        if members is not None:
            yield read_operator(path.stem, members)


def _batteries(
    project: Path, config: SiteConfig, findings: Findings, lots: ReadLot
) -> Iterator[Battery]:
    folder, what = project / "content" / "batteries", "lots are .csv or .jsonl files"
    for path in files_of(folder, SUFFIXES, what, project, findings):
        name = told_path(path, project)
        yield from lots(path, name, findings, allow_any_serial=config.allow_any_serial)


def _strange_entries(project: Path, findings: Findings) -> None:
    what = f"content/ holds {', '.join((*_FOLDERS, *_FILES))}"
    for path in entries(project / "content"):
        names = _FOLDERS if path.is_dir() else _FILES if is_read(path) else ()
        if path.name not in names:
            strange(path, what, project, findings)
