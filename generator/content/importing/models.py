"""Importing data points: the values of a table go into the files of `content/models/<slug>/`.

Each file is edited in memory, keeps its comments and order, and is read back by the strict reader
before any file is replaced: the new values must parse, and nothing else may have changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from generator.content.discretion import without_restricted_values
from generator.content.documents import read_documents
from generator.content.elements import ABOUT_TEXTS, ElementReader
from generator.content.importing.point_rows import PointRows, PointValue
from generator.content.importing.replacing import replace_lines
from generator.content.importing.report import Edit, ImportReport
from generator.content.importing.run import ImportJob, Run
from generator.content.importing.yaml_edit import Slot, YamlFile, shown
from generator.content.private import PrivateRoot
from generator.content.yaml.located import Mapping, Node, Refused, Scalar, as_mapping
from generator.content.yaml.located import Sequence as Items
from generator.content.yaml.members import Members, read_members
from generator.content.yaml.strict_yaml import read_yaml
from passport.errors import ConfigError, ValueFormatError
from passport.problems import Findings, Place, Severity
from passport.registry import registry
from passport.values import Document

_NOT_SHOWN = "(not shown: restricted)"


def import_points(job: ImportJob) -> ImportReport:
    """Import a table of data points; raises `ConfigError` when it can't even start."""
    with job.begin() as run:
        placed = sorted(
            ((_file_of(value, run), value) for value in _each_once(run)),
            key=lambda pair: pair[0],
        )
        edited = {
            name: _ModelFile(run, name, tuple(v for _, v in group)).edited()
            for name, group in groupby(placed, key=lambda pair: pair[0])
        }
        changed = {name: text for name, text in edited.items() if text}
        if not job.dry_run and run.may_write():
            for name, text in changed.items():
                replace_lines(job.project / name, (text,), run.may_write)
        return run.finished(tuple(changed))


def _each_once(run: Run) -> Iterator[PointValue]:
    seen: dict[tuple[str, str, str], PointValue] = {}
    for value in PointRows(run).read():
        earlier = seen.setdefault(value.slot, value)
        if earlier is value:
            yield value
        elif earlier.text == value.text:
            run.report.repeated += 1
        else:
            run.report.refused += 1
            message = f"row {earlier.place.line} gives {value.target.name} of {value.model} too"
            remedy = "keep the value that is right"
            run.told.error(value.place, value.target.header, "repeated-value", message, remedy)


def _file_of(value: PointValue, run: Run) -> str:
    """Return the file of a value, from the project; restricted ones may lie in a private root."""
    name = f"content/models/{value.model}/{value.target.point.source}.yaml"
    private, project = run.config.private_root, run.job.project
    if value.target.point.is_public or not private or (project / name).is_file():
        return name
    if not (project / private).is_dir():
        raise ConfigError(
            f"{value.target.name} is restricted, and the private root {private} is not here",
            "import it on a machine that has the private root",
        )
    return f"{private}/{name}"


@dataclass(frozen=True, slots=True)
class _ModelFile:
    """One file of a model, and the values that go into it."""

    run: Run
    name: str
    values: tuple[PointValue, ...]

    def edited(self) -> str:
        """Return the file with the values in it, "" where nothing changes or that can't be."""
        path = self.run.job.project / self.name
        before = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        old = self._tree(before) if before else Mapping((), Place(self.name))
        if old is None or self._is_broken():
            self.run.blocked = True
            return ""
        file = YamlFile(before)
        if not self._put_all(file):
            return ""
        text = file.text()
        if not self._holds(old, text, file):
            self.run.blocked = True
            return ""
        return text

    def _put_all(self, file: YamlFile) -> bool:
        """Put the values where they belong; returns whether any differs from what stood there."""
        changed = False
        for value in sorted(self.values, key=lambda value: _slot(value, "").about):
            try:
                old = file.put(_slot(value, self.run.config.language), value.parts)
            except ValueFormatError as error:
                self._refuse(value, error.message, error.remedy)
                continue
            self._count(value, old)
            changed = changed or old != shown(value.parts)
        return changed

    def _count(self, value: PointValue, old: str) -> None:
        subject = " ".join(filter(None, (value.model, value.plant, value.target.name)))
        new = shown(value.parts)
        if old == new:
            self.run.report.unchanged += 1
        elif not old:
            self.run.report.add(value.place.line, subject)
        elif value.target.point.is_public:
            self.run.report.change(value.place.line, subject, [Edit("", old, new)])
        else:
            self.run.report.change(value.place.line, subject, [Edit("", "", _NOT_SHOWN)])

    def _holds(self, old: Mapping, text: str, file: YamlFile) -> bool:
        """Read the new text back as a build would: values parse, all else is as it was."""
        tree = self._tree(text)
        touched = {value.target.point.key for value in self.values}
        if tree is None or _others(tree, touched) != _others(old, touched):
            first = self.values[0]
            message = f"{self.name} can't be edited without changing more than these values"
            self._refuse(first, message, "write the values by hand")
            return False
        if not file.keeps_layout:
            message = "the file's indentation will be that of our other files"
            self.run.findings.warning(Place(self.name), "$", "layout", message, "look at the diff")
        return self._read_back(tree, touched)

    def _read_back(self, tree: Mapping, touched: set[str]) -> bool:
        found = Findings()
        reader = ElementReader(self.run.config.language, self._documents(), found)
        points = [point for point in registry().data_points if point.key in touched]
        reader.read(tree, points, "$")
        for plant, part in Members(tree, "$", "en", Findings()).each("plants"):
            reader.read(part.mapping, points, f"$.plants.{plant.text}")
        for problem in without_restricted_values(found.problems):
            self._refuse(
                self._at(problem.path),
                f"{self.name}: {problem.path}: {problem.message}",
                problem.remedy,
            )
        return not found.has_errors

    def _at(self, path: str) -> PointValue:
        """Return the value that a path inside the file belongs to."""
        fitting = (v for v in self.values if v.target.point.key in path.split("."))
        return next(fitting, self.values[0])

    def _tree(self, text: str) -> Mapping | None:
        node = read_yaml(text.encode(), self.name, self.run.findings)
        return None if node is None else as_mapping(node, "$", self.run.findings)

    def _is_broken(self) -> bool:
        problems = self.run.findings.problems
        return any(p.place.file == self.name and p.severity is Severity.ERROR for p in problems)

    def _documents(self) -> tuple[Document, ...]:
        project, root = self.run.job.project, self.run.config.private_root
        folder = project / "content" / "models" / self.values[0].model
        private = PrivateRoot(project, project / root).of_model(folder.name) if root else None
        members = read_members(
            folder / "model.yaml", "models/*/model.yaml", "model.yaml", "en", Findings()
        )
        return read_documents(members, folder, project, private) if members else ()

    def _refuse(self, value: PointValue, message: str, remedy: str) -> None:
        self.run.report.refused += 1
        self.run.told.error(value.place, value.target.header, "content", message, remedy)


def _slot(value: PointValue, language: str) -> Slot:
    target = value.target
    return Slot(
        key=target.point.key,
        plant=value.plant,
        member=target.member,
        about=target.member in ABOUT_TEXTS,
        language=language,
    )


def _others(tree: Mapping, touched: set[str]) -> tuple[object, ...]:
    """What stands in a file besides the touched data points, without places."""
    kept: list[tuple[str, object]] = []
    for entry in tree.entries:
        if entry.key.text == "plants" and isinstance(entry.value, Mapping):
            kept += [
                (plant.key.text, part)
                for plant in entry.value.entries
                if isinstance(plant.value, Mapping) and (part := _others(plant.value, touched))
            ]
        elif entry.key.text not in touched:
            kept.append((entry.key.text, _plain(entry.value)))
    return tuple(kept)


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Mapping():
            return [(entry.key.text, _plain(entry.value)) for entry in node.entries]
        case Refused():
            return None
