"""Check: load a project and gather everything that is wrong with it.

The one way from a folder to content that may be built. Reading problems, broken rules and missing
data points are told together, each at its line. Nothing is printed here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.content.access.check import check_access
from generator.content.access.check_escrow import epochs_in_no_escrow
from generator.content.config import CONFIG_NAME
from generator.content.discretion import without_restricted_values
from generator.content.events.check import check_lives
from generator.content.events.history import rewritten_history
from generator.content.load import Content, load
from generator.content.tables.rows import MOST_LISTED
from generator.content.withdrawn import wrong_withdrawals
from generator.content.yaml.pinpoint import Pinpointer
from passport.checks.context import CheckContext, LivesOfModel, ModelContent
from passport.checks.table import check_batteries, check_model, check_site
from passport.completeness import Completeness, Standard, judge, missing
from passport.errors import ContentError
from passport.identifiers import DppId
from passport.problems import Findings, Place, Problem, Severity

_READ = (".yaml", ".csv", ".jsonl", ".json", ".md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Content, all problems found in it, and what became of each model's data points."""

    content: Content
    standard: Standard
    problems: tuple[Problem, ...]
    completeness: tuple[Completeness, ...]
    models: tuple[ModelContent, ...]
    """Each model with what surrounds it, as checks and the release gate take it."""
    files: int

    @property
    def errors(self) -> int:
        """How many problems stop a build."""
        return sum(each.severity is Severity.ERROR for each in self.problems)

    @property
    def warnings(self) -> int:
        """How many problems a person should look at."""
        return len(self.problems) - self.errors

    @property
    def has_errors(self) -> bool:
        """Whether nothing may be built."""
        return self.errors > 0


def check(project: Path, as_of: date, guidance: str = "") -> Checked:
    """Load a project and run every check; raises `ConfigError` for its settings only."""
    reading = Findings()
    content = load(project, reading)
    standard = Standard(guidance=guidance or content.config.guidance, as_of=as_of)
    context = check_context(project, content, as_of)
    living = Findings()
    lives = check_lives(content, context, standard.guidance, living)
    models = tuple(_model_contents(content, lives))
    judged = tuple(judge(model, context.operators, standard) for model in models)
    found = Findings()
    found.extend(without_restricted_values(reading.problems))
    pinpointer = Pinpointer(project)
    found.extend(map(pinpointer.at, _broken_rules(content, models, context)))
    for each in (*_readable(living.problems), *check_access(content, as_of)):
        found.add(each if each.place.column > 1 else pinpointer.at(each))
    found.extend(rewritten_history(project, content.config.private_root))
    found.extend(epochs_in_no_escrow(project, content.config))
    found.extend(_missing(pinpointer, models, judged, standard, found.problems))
    return Checked(
        content=content,
        standard=standard,
        problems=found.problems,
        completeness=judged,
        models=models,
        files=_count_files(project, content.config.private_root),
    )


def checked_content(project: Path, as_of: date) -> Content:
    """Return content without errors, or raise `ContentError` with all problems."""
    checked = check(project, as_of)
    if checked.has_errors:
        raise ContentError(checked.problems)
    return checked.content


def check_context(project: Path, content: Content, as_of: date) -> CheckContext:
    """Return what checks need to know besides what they look at."""
    return CheckContext(
        operators={operator.slug: operator for operator in content.operators},
        models={model.slug: model for model in content.models},
        unread_models=_unread_models(project, content),
        issuer=content.config.issuer,
        issuer_place=_setting_place(project, "issuer"),
        languages=content.config.languages,
        as_of=as_of,
        hosting=content.hosting,
        labels=content.labels,
    )


def _unread_models(project: Path, content: Content) -> frozenset[str]:
    described = {path.name for path in (project / "content" / "models").glob("*") if path.is_dir()}
    return frozenset(described - {model.slug for model in content.models})


def _setting_place(project: Path, name: str) -> Place:
    lines = (project / CONFIG_NAME).read_text(encoding="utf-8").split("\n")
    found = (n for n, line in enumerate(lines, 1) if line.partition("=")[0].strip() == name)
    return Place(CONFIG_NAME, next(found, 1))


def _model_contents(content: Content, lives: Mapping[str, LivesOfModel]) -> Iterator[ModelContent]:
    made = {battery.model for battery in content.batteries}
    registers = {register.model: register for register in content.evidence}
    unseen = {each.model: each.groups for each in content.unseen}
    for model in content.models:
        yield ModelContent(
            model=model,
            restricted=tuple(part for part in content.restricted if part.model == model.slug),
            has_batteries=model.slug in made,
            evidence=registers.get(model.slug),
            unseen=unseen.get(model.slug, ()),
            lives=lives[model.slug],
        )


def _passports(content: Content) -> Iterator[DppId]:
    yield from (DppId.of(model.identifier) for model in content.models)
    yield from (DppId.of(uri.key) for _, _, uri in content.identified(content.batteries))


def _broken_rules(
    content: Content, models: Iterable[ModelContent], context: CheckContext
) -> Iterator[Problem]:
    """What breaks a rule, at the line of its noun."""
    yield from check_site(context)
    for model in models:
        yield from check_model(model, context)
    yield from _readable(check_batteries(content.batteries, context))
    if content.withdrawn:
        passports = frozenset(_passports(content))
        yield from wrong_withdrawals(content.withdrawn, passports, context.as_of)


def _readable(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Pass on as many problems of one kind in one file as a person can read."""
    seen: Counter[tuple[str, str, Severity]] = Counter()
    for each in problems:
        kind = each.place.file, each.rule, each.severity
        seen[kind] += 1
        if seen[kind] <= MOST_LISTED:
            yield each
    for (file, rule, severity), count in seen.items():
        if count > MOST_LISTED:
            message = f"{count - MOST_LISTED} more problems of the kind {rule} are not listed"
            remedy = "mend those listed first"
            yield Problem(Place(file), "$", "not-listed", message, remedy, severity=severity)


def _missing(
    pinpointer: Pinpointer,
    models: Iterable[ModelContent],
    judged: Iterable[Completeness],
    standard: Standard,
    known: tuple[Problem, ...],
) -> Iterator[Problem]:
    """What is missing, unless it is there but wrong, or stands in a file that can't be read."""
    wrong = {(each.place.file, _data_point(each.path)) for each in known}
    unread = {each.place.file for each in known if not _can_read(pinpointer, each.place.file)}
    for model, completeness in zip(models, judged, strict=True):
        for each in missing(model, completeness, standard):
            if each.place.file in unread or (each.place.file, each.path) in wrong:
                continue
            yield pinpointer.at(each)


def _data_point(path: str) -> str:
    """The path of the data point that a path leads into: `$.a` of `$.a.value[0].b`."""
    steps = path.replace("[", ".").split(".")
    by_plant = steps[1:2] == ["plants"] and len(steps) > 3
    return f"$.{steps[3]}" if by_plant else ".".join(steps[:2])


def _can_read(pinpointer: Pinpointer, file: str) -> bool:
    return not file.endswith(".yaml") or pinpointer.can_read(file)


def _count_files(project: Path, private_root: str) -> int:
    roots = (project, project / private_root) if private_root else (project,)
    found = (
        path for root in roots for path in (root / "content").rglob("*") if path.suffix in _READ
    )
    return 1 + sum(1 for path in found if path.is_file())
