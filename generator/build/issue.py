"""Issuing: a planned passport becomes the signed bytes of its `passport.json`.

DESIGN 5: a W3C VC 2.0 credential about the product, with one proof. Which passports are due is
decided in the plan (`versions`); one that is not keeps the bytes and the date of the build that
first published it, whichever of the issuer's keys signed them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.build.plan import PassportPlan
from generator.keys.issuer import Issuer
from passport.canonical import JsonObject, canonical_json
from passport.credential import Edition, credential, version_of
from passport.identifiers import ProductUri
from passport.json_members import object_of, text_of
from passport.proof import sign
from passport.schema import schema_path
from passport.strict_json import parse_object
from passport.subject import Header, Subject
from passport.timestamp import parse_time


@dataclass(frozen=True, slots=True)
class Issued:
    """A passport's bytes, the moment that they are dated, and their version."""

    content: bytes
    time: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing needs: the issuer, addresses of documents by digest, the time of the build."""

    issuer: Issuer
    documents: Mapping[str, str]
    time: datetime

    def issue(self, plan: PassportPlan, edition: Edition) -> Issued:
        """Sign a new version of a passport."""
        signed = sign(
            self.unsigned(plan, edition),
            self.issuer.signer,
            created=self.time,
            verification_method=self.issuer.method,
        )
        return Issued(canonical_json(signed), self.time, edition.version)

    def unsigned(self, plan: PassportPlan, edition: Edition) -> JsonObject:
        """Return a version of a passport as it will be signed."""
        return credential(
            plan.uri,
            passport_subject(plan, self.time),
            self.documents,
            edition=edition,
            also_known_as=self.issuer.also_known_as,
            schema_path=schema_path(),
            time=self.time,
        )


def kept(content: bytes) -> Issued:
    """A published passport that says what it should: its bytes stay, and so does its date."""
    document = parse_object(content)
    time = parse_time(text_of(object_of(document, "credentialSubject"), "lastUpdate"))
    return Issued(content, time, version_of(document))


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
        predecessors=_uris(plan.life.predecessors if plan.life else ()),
        successors=_uris(plan.life.successors if plan.life else ()),
        elements=plan.elements,
    )


def _uris(products: Iterable[ProductUri]) -> tuple[str, ...]:
    return tuple(str(uri) for uri in products)
