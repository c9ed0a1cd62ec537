"""Reproducing: whether a published site is what this content makes, asked without a private key.

A build on its own result changes nothing, so the site itself serves as the previous one. Every
passport is made again, unsigned, in its edition and of its time; pages, identity documents, assets
and the manifest are made again whole. What only the issuer can make is taken from the site, which
was verified before: `Taken` says what, so that nobody thinks that it was rebuilt.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from generator.build.artifact import Artifact
from generator.build.issue import Issuing
from generator.build.pages.assets import document_urls, published_documents
from generator.build.plan import PassportPlan, Plan
from generator.build.previous import PreviousSite
from generator.build.sealing import Restricted
from generator.build.site import Site, prepare_site
from generator.keys.issuer import Issuer
from generator.read.logged import GENERATION
from passport.context import context_path
from passport.credential import Edition, log_index_of, related_resources, version_of
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.errors import ContentError, PublishError, VerificationError
from passport.manifest import INDEX_PATH
from passport.schema import schema_path

_WHOLE = "the site"
_SHOWN = 40


class Taken(StrEnum):
    """What is taken from the site as it is."""

    PROOFS = "proofs of passports"
    SUPERSEDED = "superseded versions"
    HISTORIES = "histories of versions"
    SEALED = "sealed files"
    ASSETS = "earlier assets, contexts and schemas"
    STATUS = "status lists"
    LOG = "tiles and checkpoint of the log"
    MANIFEST = "proof of the manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first difference: at which path, or of the site as a whole, and what differs."""

    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """How many files were rebuilt and equal, what was taken, and the first difference if any."""

    rebuilt: int
    taken: Counter[Taken]
    difference: Difference | None


def reproduce(
    plan: Plan,
    issuer: Issuer,
    previous: PreviousSite,
    project: Path,
    time: datetime,
) -> Reproduction:
    """Rebuild a verified site as of a time from a plan of its content, up to a difference.

    `issuer` need not be able to sign: what would have to be signed is a difference.
    """
    plan = replace(plan, time=time)
    comparison = _Comparison(previous)
    try:
        found = next(_in_passports(plan, issuer, previous, project), None)
        found = found or comparison.run(
            prepare_site(plan, issuer, None, Restricted.blank(), previous, project)
        )
    except ContentError as error:
        found = Difference(path=_WHOLE, what="; ".join(map(str, error.problems)))
    except (PublishError, VerificationError) as error:
        found = Difference(path=_WHOLE, what=error.message)
    return Reproduction(rebuilt=comparison.rebuilt, taken=comparison.taken, difference=found)


class _Comparison:
    """Compares artifacts with the site, and counts them."""

    def __init__(self, previous: PreviousSite) -> None:
        self._previous = previous
        self.rebuilt = 0
        self.taken: Counter[Taken] = Counter()

    def run(self, site: Site) -> Difference | None:
        """Return the first difference."""
        for path in site.versions.due:
            what = "its key was revoked since, so it would be signed anew"
            return Difference(path=path, what=what)
        current = {asset.url_path for asset in site.assets.artifacts}
        current |= {context_path(), schema_path()}
        for artifact in site.artifacts():
            if what := _differs(artifact, self._previous):
                return Difference(path=artifact.url_path, what=what)
            kind = _taken(artifact.url_path, current)
            self.taken.update(() if kind is None else (kind,))
            self.rebuilt += kind in (None, Taken.PROOFS, Taken.MANIFEST)
        return None


def _in_passports(
    plan: Plan, issuer: Issuer, previous: PreviousSite, project: Path
) -> Iterator[Difference]:
    documents = published_documents(plan.described_models, project)
    issuing = Issuing(issuer, document_urls(documents, plan.config.base_url), plan.time)
    for passport in plan.passports:
        content = previous.get(passport.json_path)
        if content is None:
            yield Difference(path=passport.json_path, what="the site has no such passport")
        elif what := _differing(passport, issuing, parse_object(content)):
            yield Difference(path=passport.json_path, what=what)


def _differing(passport: PassportPlan, issuing: Issuing, published: JsonObject) -> str:
    """Say what differs between a passport and its published form, "" for nothing."""
    edition = Edition(
        version=version_of(published),
        previous=text_of(published, "previousVersion") if "previousVersion" in published else "",
        generation=GENERATION,
        index=log_index_of(published),
    )
    time = parse_time(text_of(published, "validFrom"))
    related = related_resources(published, passport.uri.base_url)
    rebuilt = replace(issuing, time=time).unsigned(passport, edition, related)
    unsigned = {name: value for name, value in published.items() if name != "proof"}
    if canonical_json(rebuilt) == canonical_json(unsigned):
        return ""
    subjects = [object_of(each, "credentialSubject") for each in (unsigned, rebuilt)]
    return _first_member(*subjects) or _first_member(unsigned, rebuilt)


def _first_member(published: JsonObject, rebuilt: JsonObject) -> str:
    for name in sorted({*published, *rebuilt}):
        sides = [canonical_json({"": side.get(name)}) for side in (published, rebuilt)]
        if sides[0] != sides[1]:
            told = [_cut(side[4:-1].decode()) for side in sides]
            return f"{name} is {told[0]} on the site and {told[1]} by the content"
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def _differs(artifact: Artifact, previous: PreviousSite) -> str:
    published = previous.source.get(artifact.url_path)
    if published is None:
        return "the site lacks it"
    if published == artifact.content:
        return ""
    pairs = enumerate(zip(published, artifact.content, strict=False))
    shorter = min(len(published), len(artifact.content))
    first = next((n for n, (one, other) in pairs if one != other), shorter)
    sides = [content[first : first + _SHOWN] for content in (published, artifact.content)]
    return f"from byte {first} on the site has {sides[0]!r}, and the content makes {sides[1]!r}"


def _taken(path: str, current: Collection[str]) -> Taken | None:
    if path.startswith("/dpp/"):
        return _taken_of_passport(path)
    if path.startswith("/log/"):
        return Taken.LOG
    if path.startswith("/status/"):
        return Taken.STATUS
    if path == INDEX_PATH:
        return Taken.MANIFEST
    is_kept = path.startswith(("/assets/", "/ctx/", "/schema/")) and path not in current
    return Taken.ASSETS if is_kept else None


def _taken_of_passport(path: str) -> Taken | None:
    if "/v/" in path:
        return Taken.SUPERSEDED
    if "/sealed/" in path:
        return Taken.SEALED
    if path.endswith("/versions.json"):
        return Taken.HISTORIES
    return Taken.PROOFS if path.endswith("/passport.json") else None
