"""Issuing: a planned passport becomes the signed bytes of its `passport.json`.

DESIGN 5: a W3C VC 2.0 credential about the product, with one proof. Which passports are due is
decided in the plan (`versions`); one that is not keeps the bytes and the date of the build that
first published it, whichever of the issuer's keys signed them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.build.artifact import Artifact, CacheClass
from generator.build.plan import PassportPlan
from generator.keys.issuer import Issuer
from passport.credential import (
    MEDIA_TYPE,
    Edition,
    RelatedResource,
    credential,
    log_index_of,
    version_of,
)
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.log.entry import document_digest
from passport.schema import schema_path
from passport.subject import Header, Subject

Related = tuple[RelatedResource, ...]
"""The sealed files that a version binds."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A passport's bytes, the moment that they are dated, and their version.

    `digest` is the log's, over the document without its proof. `is_withdrawn`: the issuer takes
    this very version back, though no other has replaced it yet.
    """

    content: bytes
    time: datetime
    version: int
    digest: str
    is_withdrawn: bool = False

    def artifact(self, plan: PassportPlan) -> Artifact:
        """Return the passport's file."""
        return Artifact(
            url_path=plan.json_path,
            content=self.content,
            media_type=MEDIA_TYPE,
            cache=CacheClass.DATA,
        )


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing needs: the issuer, addresses of documents by digest, the time of the build."""

    issuer: Issuer
    documents: Mapping[str, str]
    time: datetime

    def issue(self, plan: PassportPlan, edition: Edition, related: Related) -> Issued:
        """Sign a new version of a passport, which binds sealed files."""
        signed = self.issuer.signed(self.unsigned(plan, edition, related), self.time)
        digest = document_digest(signed)
        return Issued(canonical_json(signed), self.time, edition.version, digest)

    def unsigned(self, plan: PassportPlan, edition: Edition, related: Related) -> JsonObject:
        """Return a version of a passport as it will be signed."""
        return credential(
            plan.uri,
            passport_subject(plan, self.time),
            self.documents,
            edition=edition,
            also_known_as=self.issuer.also_known_as,
            schema_path=schema_path(),
            time=self.time,
            related=related,
        )


def kept(content: bytes, withdrawn: Collection[int]) -> Issued:
    """A published passport that says what it should: its bytes stay, and so does its date.

    `withdrawn` are the indexes in the log of all versions that are.
    """
    document = parse_object(content)
    time = parse_time(text_of(object_of(document, "credentialSubject"), "lastUpdate"))
    is_withdrawn = log_index_of(document) in withdrawn
    return Issued(content, time, version_of(document), document_digest(document), is_withdrawn)


def passport_subject(plan: PassportPlan, time: datetime) -> Subject:
    """What a passport says: its header, dated `time`, and its elements."""
    base_url = plan.uri.base_url
    header = Header(
        digital_product_passport_id=f"{base_url}/dpp/{plan.dpp_id}",
        unique_product_identifier=str(plan.uri),
        granularity="item" if plan.battery else "model",
        dpp_status=plan.status,
        last_update=time,
        economic_operator_id=plan.operator.identifier,
        facility_id=plan.plant.facility_id if plan.plant else "",
        content_specification_ids=(f"{base_url}{schema_path()}",),
    )
    model = f"{base_url}{plan.model_json_path}" if plan.battery else ""
    return Subject(
        header=header,
        model_passport=model,
        predecessors=tuple(map(str, plan.life.predecessors)),
        successors=tuple(map(str, plan.life.successors)),
        elements=plan.elements,
    )
