"""Loading: a project's folder becomes typed content, all of its problems noted.

`content/` as DESIGN 3 lays it out. A folder or file that belongs to nothing is a problem, not
silently ignored: a misspelt name would otherwise lose a passport.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.content.batteries import read_lot
from generator.content.config import SiteConfig, read_config
from generator.content.evidence import read_evidence
from generator.content.located import as_mapping
from generator.content.models import ModelSource, read_model
from generator.content.operators import read_operator
from generator.content.strict_yaml import read_yaml
from passport.evidence import EvidenceRegister
from passport.model import Battery, BatteryModel, EconomicOperator, RestrictedElements
from passport.problems import Findings, Place

_FOLDERS = ("operators", "models", "batteries", "events", "access")
_LOTS = (".csv", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a project says, as far as it could be read."""

    config: SiteConfig
    operators: tuple[EconomicOperator, ...]
    models: tuple[BatteryModel, ...]
    restricted: tuple[RestrictedElements, ...]
    evidence: tuple[EvidenceRegister, ...]
    batteries: tuple[Battery, ...]


def load(project: Path, findings: Findings) -> Content:
    """Read a project; raises `ConfigError` for its settings, notes all other problems."""
    config = read_config(project)
    models: list[BatteryModel] = []
    restricted: list[RestrictedElements] = []
    evidence: list[EvidenceRegister] = []
    _strange_folders(project, findings)
    operators = tuple(_operators(project, config, findings))
    for folder in _children(project / "content" / "models"):
        source = ModelSource(project, folder, config.language, findings)
        model, parts = read_model(source)
        restricted += parts
        if model is not None:
            models.append(model)
            evidence.append(read_evidence(source, model.documents))
    return Content(
        config=config,
        operators=operators,
        models=tuple(models),
        restricted=tuple(restricted),
        evidence=tuple(evidence),
        batteries=tuple(_batteries(project, config, findings)),
    )


def _operators(project: Path, config: SiteConfig, findings: Findings) -> Iterator[EconomicOperator]:
    for path in _children(project / "content" / "operators"):
        name = path.relative_to(project).as_posix()
        if path.suffix != ".yaml":
            _strange_file(name, "operators are .yaml files", findings)
            continue
        node = read_yaml(path.read_bytes(), name, findings)
        mapping = None if node is None else as_mapping(node, "$", findings)
        if mapping is not None:
            yield read_operator(path.stem, mapping, config.language, findings)


def _batteries(project: Path, config: SiteConfig, findings: Findings) -> Iterator[Battery]:
    for path in _children(project / "content" / "batteries"):
        name = path.relative_to(project).as_posix()
        if path.suffix in _LOTS:
            yield from read_lot(path, name, findings, allow_any_serial=config.allow_any_serial)
        else:
            _strange_file(name, "lots are .csv or .jsonl files", findings)


def _children(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _strange_folders(project: Path, findings: Findings) -> None:
    for path in _children(project / "content"):
        if path.name not in _FOLDERS:
            known = ", ".join(_FOLDERS)
            _strange_file(f"content/{path.name}", f"content/ holds {known}", findings)


def _strange_file(name: str, what: str, findings: Findings) -> None:
    findings.error(
        Place(name), "$", "strange-file", "nothing reads this", f"move or rename it: {what}"
    )
