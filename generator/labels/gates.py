"""The gates before a label is printed (requirements 6): nothing that lasts may point to nothing.

Content that a label rests on has no error, its values are proven and its scope reviewed; the
address is the operator's own; a phone read this design; and the battery's URL answers and verifies
now. `deploy` refuses a whole site, this refuses what was selected.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from generator.content.check import check
from generator.content.load import Content
from generator.content.release import require_own_address
from generator.content.yaml.pinpoint import Pinpointer
from generator.read.passport import Verdict, verify_scanned
from generator.read.sources import Origins, Source
from passport.checks.evidence import release_gate
from passport.errors import ConfigError, ContentError, HostError, VerificationError
from passport.identifiers import ProductUri
from passport.label_design import LabelDesign
from passport.model import Battery
from passport.problems import Problem, Severity

_SHARED = ("/.well-known/", "/log/", "/status/", "/manifest/")
_DEPLOY = "build and deploy the site, and look at it with `cellfolio check-deploy`, before labels"


def require_released(project: Path, batteries: Iterable[Battery], as_of: date) -> Content:
    """Return content whose selected batteries may get labels; `ContentError` with all problems."""
    checked = check(project, as_of)
    selected = tuple(batteries)
    models = frozenset(battery.model for battery in selected)
    lines = frozenset((battery.place.file, battery.place.line) for battery in selected)
    found = [each for each in checked.problems if _stands_against(each, models, lines)]
    pinpointer = Pinpointer(project)
    for model in checked.models:
        if model.model.slug in models:
            found += map(pinpointer.at, release_gate(model))
    if found:
        raise ContentError(tuple(found))
    require_own_address(checked.content.config.base_url)
    return checked.content


def require_proven(design: LabelDesign) -> None:
    """Return for a design that a phone read from its distance; `ConfigError` otherwise."""
    if not design.is_proven:
        raise ConfigError(
            f"no phone is on record that read the design {design.name} from"
            f" {design.reading_distance:g} mm, or one failed last",
            "print it with --draft, try phones on it, and record that in content/labels.yaml",
        )


def require_answering(uri: ProductUri, origins: Origins, now: datetime) -> None:
    """Return when a scanned URL answers and its passport is genuine and current."""
    try:
        page = origins.get(str(uri))
        report = verify_scanned(uri, origins, now)
    except (HostError, VerificationError) as error:
        raise type(error)(f"{uri}: {error.message}", error.remedy or _DEPLOY) from error
    if page is None:
        raise VerificationError(f"{uri}: its passport is there, its page is not", _DEPLOY)
    if report.verdict is not Verdict.CURRENT:
        why = f" ({report.why})" if report.why else ""
        raise VerificationError(f"{uri}: its passport is {report.verdict}{why}", _DEPLOY)


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """A site's files; those that all its passports rest on are read once.

    A passport is not kept: a run of any length needs no more memory than the site's log.
    """

    source: Source
    _kept: dict[str, bytes | None] = field(default_factory=dict, repr=False)

    def get(self, path: str) -> bytes | None:
        """Return what lies at a path."""
        if not path.startswith(_SHARED):
            return self.source.get(path)
        if path not in self._kept:
            self._kept[path] = self.source.get(path)
        return self._kept[path]


def _stands_against(
    problem: Problem, models: frozenset[str], lines: frozenset[tuple[str, int]]
) -> bool:
    if problem.severity is not Severity.ERROR:
        return False
    path = PurePosixPath(problem.place.file)
    match path.parts:
        case ("content", "models", slug, *_):
            return slug in models
        case ("content", "batteries", _):
            # Only a row can be left out of a run; a file that can't be read hides rows.
            return problem.place.line == 1 or (problem.place.file, problem.place.line) in lines
    return True
