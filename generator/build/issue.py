"""Issuing: a planned passport becomes the bytes of its `passport.json`.

DESIGN 5: a W3C VC 2.0 credential about the product. A document keeps the date of the build that
first published it: unless something else changed, the previous bytes stay.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.build.plan import PassportPlan
from passport.canonical import Json, canonical_json
from passport.subject import SCHEMA_VERSION, Header, Subject, subject_json

MEDIA_TYPE = "application/vc"
_TYPES = ("VerifiableCredential", "DigitalProductPassport", "BatteryPassport")


@dataclass(frozen=True, slots=True)
class Issued:
    """A passport's bytes and the moment that they are dated."""

    content: bytes
    time: datetime


def issue(
    plan: PassportPlan, documents: Mapping[str, str], previous: bytes | None, time: datetime
) -> Issued:
    """Issue a passport; `documents` maps digests to absolute addresses."""
    if previous is not None:
        earlier = _last_update(previous)
        kept = canonical_json(_credential(plan, documents, earlier))
        if kept == previous:
            return Issued(kept, earlier)
    return Issued(canonical_json(_credential(plan, documents, time)), time)


def _last_update(previous: bytes) -> datetime:
    text = json.loads(previous)["credentialSubject"]["lastUpdate"]
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _credential(plan: PassportPlan, documents: Mapping[str, str], time: datetime) -> Json:
    base_url = plan.uri.base_url
    return {
        "id": f"{base_url}{plan.json_path}#v1",
        "type": list(_TYPES),
        "issuer": {"id": f"did:web:{base_url.authority.replace(':', '%3A')}"},
        "validFrom": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": 1,
        "credentialSubject": subject_json(_subject(plan, time), documents),
    }


def _subject(plan: PassportPlan, time: datetime) -> Subject:
    base_url = plan.uri.base_url
    model_uri = f"{base_url}/dpp/{plan.model_dpp_id}/passport.json" if plan.battery else ""
    header = Header(
        digital_product_passport_id=f"{base_url}/dpp/{plan.dpp_id}",
        unique_product_identifier=str(plan.uri),
        granularity="item" if plan.battery else "model",
        dpp_status="current",
        last_update=time,
        economic_operator_id=plan.operator.identifier,
        facility_id=plan.plant.facility_id if plan.plant else "",
        content_specification_ids=(f"{base_url}/schema/battery-passport-{SCHEMA_VERSION}.json",),
    )
    return Subject(header=header, model_passport=model_uri, elements=plan.elements)
