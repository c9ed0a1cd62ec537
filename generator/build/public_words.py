"""What anyone may read anyway, and what of a file people read: the leak scan's other half.

DESIGN 6. A restricted value that is public too is no leak, so all public texts of a project are
gathered here, with those that come with the program. Nothing restricted is known here.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import unescape
from pathlib import Path

from generator.build.artifact import PAGE_TYPE, Artifact
from generator.build.pages.language import LABEL, SOURCE_LANGUAGE
from generator.build.pages.theme import browser_texts
from generator.build.plan import PassportPlan
from generator.content.load import Content
from passport.credential import MEDIA_TYPE
from passport.encoding.canonical import canonical_json
from passport.model import BatteryModel, EconomicOperator, Element
from passport.registry import registry
from passport.subject import element_json

MARKED_UP = (PAGE_TYPE, "image/svg+xml")
"""Types of files in which markup may break a text."""

_MARKUP = re.compile(r"<script.*?</script>|<[^>]*>", re.DOTALL)
_TOLD = re.compile(r'\b(?:title|alt|content|datetime|aria-[a-z]+|data-[a-z-]+)="([^"]*)"')
_TIME = re.compile(rb'"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:]{8}Z"')
_LABELS = re.compile(rf'^msgctxt "{LABEL}"\n(?:msgid "(.*)"\n)?(?:.+\n)*', re.MULTILINE)
_QUANTITY = re.compile(r'"unit":"([^"]+)","value":"([^"]+)"')
_TAGS = re.compile(r"<[^>]*>")


def public_text(content: Content) -> str:
    """What anyone may read of a project: public values and names."""
    parts = [_of_model(model) for model in content.models]
    parts += [_of_operator(each) for each in content.operators]
    return "\n".join(parts)


def common_text(theme: Path) -> str:
    """The words that any page may hold: those of the program, and names of codes."""
    lists = registry().code_lists.values()
    names = (text for codes in lists for each in codes.values() for _, text in each.label.texts)
    return "\n".join((program_text(theme), *names))


def program_text(theme: Path) -> str:
    """What the program says by itself: its theme, catalogues, scripts, words on data points.

    Names of codes are left out: on the page of a battery they may say what happened to it.
    """
    points = registry().data_points
    labels = (*(point.label for point in points), *(f.label for p in points for f in p.fields))
    named = {label.text(SOURCE_LANGUAGE) for label in labels}
    files = (path for path in sorted(theme.rglob("*")) if path.is_file())
    texts = (
        _LABELS.sub(
            lambda entry: entry[0] if entry[1] in named else "",
            path.read_text("utf-8", errors="replace"),
        )
        for path in files
    )
    return "\n".join((*texts, *browser_texts(), repr(registry().data_points)))


def _of_operator(operator: EconomicOperator) -> str:
    address = operator.address
    plants = (f"{plant.name} {plant.city} {plant.facility_id}" for plant in operator.plants)
    named = (operator.name, operator.trade_name, operator.web, operator.email, operator.identifier)
    where = (address.street, address.postal_code, address.city, address.country)
    return "\n".join((*named, *where, *plants))


def _of_model(model: BatteryModel) -> str:
    elements = [*model.elements, *(each for _, part in model.by_plant for each in part)]
    return f"{_as_text(elements)} {words_of(model)}"


def words_of(model: BatteryModel) -> str:
    """A model's names and prose, and the titles of its public documents."""
    prose = " ".join(text for _, text in model.prose.translations) if model.prose else ""
    published = [each for each in model.documents if each.publish]
    titles = " ".join(
        f"{Path(each.file).name} {' '.join(text for _, text in each.title.translations)}"
        for each in published
    )
    return f"{model.name} {model.model_number} {prose} {titles}"


def stated_text(passport: PassportPlan) -> str:
    """What a passport says in public."""
    life = passport.life
    days = (life.placed_on_market, life.ceased_on, life.changed_on)
    told = (passport.uri, passport.operator, passport.plant, *days)
    return " ".join((_as_text(passport.elements), words_of(passport.model), *map(str, told)))


def _as_text(elements: Iterable[Element]) -> str:
    said = "\n".join(
        canonical_json(element_json(element, _AnyUrl())).decode() for element in elements
    )
    return "\n".join((said, *(f"{value} {unit}" for unit, value in _QUANTITY.findall(said))))


class _AnyUrl(dict[str, str]):
    """Addresses of documents, which say nothing here."""

    def __missing__(self, key: str) -> str:
        return ""


def days_of_versions(artifact: Artifact) -> Iterator[date]:
    """The days on which versions were issued: pages tell them, whatever else happened then."""
    if artifact.media_type != PAGE_TYPE:
        for found in {*_TIME.findall(artifact.content)}:
            yield date.fromisoformat(found.decode())


def told_by(artifact: Artifact) -> str:
    """What a passport's own file tells of the product, without the numbers that any file has.

    Of a passport that is its subject: places in the log and in lists say nothing of a battery.
    """
    text = artifact.content.decode(errors="replace")
    if artifact.media_type == MEDIA_TYPE:
        subject = dict(json.loads(text)["credentialSubject"])
        subject.pop("lastUpdate", None)
        text = json.dumps(subject, ensure_ascii=False)
    if artifact.media_type != PAGE_TYPE:
        return text.replace(",", " ")
    return f"{unescape(_MARKUP.sub(' ', text))} {' '.join(_TOLD.findall(text))}"


def without_markup(artifact: Artifact) -> str:
    """A file's text as one reads it, so that no tag stands within a sentence."""
    text = artifact.content.decode(errors="replace")
    return unescape(_TAGS.sub("", text))
