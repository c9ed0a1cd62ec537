"""Documents: what is public can be read by all, what is restricted by nobody else."""

from collections.abc import Iterable, Iterator

from passport.checks.context import CheckContext, ModelContent, Stated, stated
from passport.checks.flaws import Flaw
from passport.evidence import EvidenceRegister
from passport.model import BatteryModel, Element, leaves
from passport.problems import Problem, Severity
from passport.values import Document, Record


def public_documents_are_published(
    element: Element, _: BatteryModel, __: CheckContext
) -> Iterator[Flaw]:
    """A public data point refers to documents that anyone may read."""
    if not element.point.is_public:
        return
    for below, _name, value in leaves(element.value):
        if isinstance(value, Document) and not value.publish:
            yield Flaw(
                rule="unpublished-document",
                below=below,
                value=value.id,
                message="document {value} is not published, but this data point is public",
                remedy="write publish: true for it under documents in model.yaml, or name another",
            )


def sourcing_has_a_report(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """The due diligence report is there to read: as a document or behind a link (Art. 52(3))."""
    if element.point.key != "responsible_sourcing" or not isinstance(element.value, Record):
        return
    if element.value.get("report") is None and element.value.get("link") is None:
        yield Flaw(
            rule="report-missing",
            message="there is neither a report nor a link to one",
            remedy="add report with the name of a document, or link with its https address",
        )


def documents_are_used(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Each document belongs to a data point, or is the picture.

    A published one, be it the picture, doesn't belong to restricted data points alone.
    """
    everything = tuple(stated(content))
    register = content.evidence
    public = _used((item for item in everything if item.element.point.is_public), register)
    restricted = _used((item for item in everything if not item.element.point.is_public), register)
    picture = {content.model.picture.id} if content.model.picture else set()
    for document in content.model.documents:
        may_be_elsewhere = bool(content.unseen) and not document.publish
        if document.id not in public | restricted | picture and not may_be_elsewhere:
            yield Problem(
                content.model.place,
                f"$.documents.{document.id}",
                "unused-document",
                f"no data point refers to document {document.id}",
                "name it where it belongs, or remove it",
                severity=Severity.WARNING,
            )
        elif document.publish and document.id in restricted - public:
            yield Problem(
                content.model.place,
                f"$.documents.{document.id}",
                "published-restricted-document",
                f"document {document.id} is published, but only restricted data points refer to it",
                "remove publish: true: what Annex XIII restricts must not be shown to all",
                clause="Art. 77(2)",
            )


def _used(items: Iterable[Stated], register: EvidenceRegister | None) -> frozenset[str]:
    """The names of the documents that elements hold, or rest on as evidence."""
    found: set[str] = set()
    for item in items:
        values = (value for _, _, value in leaves(item.element.value))
        found.update(value.id for value in values if isinstance(value, Document))
        entry = register.of(item.element) if register else None
        if entry and entry.document:
            found.add(entry.document.id)
    return frozenset(found)
