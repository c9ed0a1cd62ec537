"""Superseded versions: what becomes of a passport's earlier bytes when a new version is issued.

DESIGN 4: the bytes stay, under `/v/{n}.json`, and `versions.json` tells when each was current and
what the next one changed. A passport of version 1 has neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.build.artifact import Artifact, CacheClass
from generator.build.issue import Issued
from generator.build.plan import PassportPlan, Plan
from generator.build.previous import PreviousSite
from passport.credential import MEDIA_TYPE, lasting, version_of
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.log.entry import document_digest
from passport.version_history import (
    RESTRICTED_CHANGE,
    SIGNED_ANEW,
    PastVersion,
    changed_members,
    continued,
    history_document,
    history_path,
    parse_history,
    version_path,
)


@dataclass(frozen=True, slots=True)
class Past:
    """A passport's versions, none while there is one only; the bytes that a new one replaces."""

    versions: tuple[PastVersion, ...] = ()
    replaced: bytes | None = None


def past_of(passport: PassportPlan, issued: Issued, previous: PreviousSite, plan: Plan) -> Past:
    """Find out what was before the version that is issued now."""
    published = previous.get(passport.json_path)
    if published is None:
        return Past()
    history = _published_history(passport, previous)
    if published == issued.content:
        return Past(history)
    before, after = parse_object(published), parse_object(issued.content)
    if not history:
        history = (_first(before, passport, previous),)
    return Past(continued(history, _next(before, after, plan)), published)


def superseded(passport: PassportPlan, past: Past) -> Iterator[Artifact]:
    """Yield a passport's history, and the version that a new one has just replaced."""
    if past.replaced is not None:
        yield Artifact(
            url_path=version_path(passport.dpp_id, past.versions[-2].version),
            content=past.replaced,
            media_type=MEDIA_TYPE,
            cache=CacheClass.WRITTEN_ONCE,
        )
    if past.versions:
        yield Artifact(
            url_path=history_path(passport.dpp_id),
            content=canonical_json(history_document(passport.uri, past.versions)),
            media_type="application/json",
            cache=CacheClass.DATA,
        )


def _published_history(passport: PassportPlan, previous: PreviousSite) -> tuple[PastVersion, ...]:
    document = previous.document(history_path(passport.dpp_id))
    return parse_history(document) if document else ()


def _first(document: JsonObject, passport: PassportPlan, previous: PreviousSite) -> PastVersion:
    """The first version; the manifest tells its commit and reason until there is a history."""
    listed = previous.files[passport.json_path]
    return PastVersion(
        version=1,
        digest=document_digest(document),
        valid_from=parse_time(text_of(document, "validFrom")),
        valid_to=None,
        reason=listed.reason,
        changed=(),
        commit=listed.commit,
    )


def _next(before: JsonObject, after: JsonObject, plan: Plan) -> PastVersion:
    changed = changed_members(
        object_of(before, "credentialSubject"), object_of(after, "credentialSubject")
    )
    return PastVersion(
        version=version_of(after),
        digest=document_digest(after),
        valid_from=parse_time(text_of(after, "validFrom")),
        valid_to=None,
        reason=plan.revision.reason if changed else _unseen_reason(before, after),
        changed=changed,
        commit=plan.revision.commit,
    )


def _unseen_reason(before: JsonObject, after: JsonObject) -> str:
    same = canonical_json(lasting(before)) == canonical_json(lasting(after))
    return SIGNED_ANEW if same else RESTRICTED_CHANGE
