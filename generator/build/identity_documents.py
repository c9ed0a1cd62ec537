"""Documents of identity: the issuer's and each product's DID document, link sets, the resolver.

Formats are `passport`'s; here is which URLs they name. A product's documents name its own resources
and its model's passport only, so that a change of the theme rewrites neither (DESIGN 4).
"""

from collections.abc import Iterator
from datetime import datetime

from generator.build.artifact import Artifact, CacheClass
from generator.build.issue import Issued
from generator.build.pages.rendering import path_in
from generator.build.plan import PassportPlan, Plan
from generator.keys.issuer import Issuer
from passport.context import context_path, passport_context
from passport.did.web import issuer_did, product_document
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.timestamp import time_text
from passport.link_set import ProductLinks, link_set, resolver_description
from passport.schema import passport_schema, schema_path
from passport.subject import SCHEMA_VERSION
from passport.version_history import history_path, version_path


def site_documents(plan: Plan, issuer: Issuer) -> Iterator[Artifact]:
    """What a site publishes once: context, schema, issuer, resolver description."""
    base_url = plan.config.base_url
    name = plan.operators[plan.config.issuer].name
    schema = passport_schema(str(base_url))
    yield _json(context_path(), passport_context(), "application/ld+json", CacheClass.ASSET)
    yield _json(schema_path(), schema, "application/schema+json", CacheClass.ASSET)
    yield _json("/.well-known/did.json", issuer.members, "application/did")
    yield Artifact(
        url_path="/.well-known/did.jsonl",
        content=issuer.log,
        media_type="text/jsonl",
        cache=CacheClass.DATA,
    )
    yield _json(
        "/.well-known/gs1resolver", resolver_description(base_url, name), "application/json"
    )


def product_documents(passport: PassportPlan, plan: Plan, issued: Issued) -> Iterator[Artifact]:
    """A product's DID document and its link set."""
    base_url = plan.config.base_url
    document = product_document(
        passport.uri, issuer_did(base_url), _services(passport, str(base_url), issued.time)
    )
    yield _json(passport.did_path, document, "application/did")
    links = link_set(base_url, passport.title, _links(passport, plan, issued))
    yield _json(passport.link_set_path, links, "application/linkset+json")


def _services(passport: PassportPlan, base_url: str, issued: datetime) -> list[JsonObject]:
    services: list[JsonObject] = [
        {
            "id": "#passport",
            "type": "DigitalProductPassport",
            "serviceEndpoint": f"{base_url}{passport.json_path}",
            "schemaVersion": SCHEMA_VERSION,
            "lastUpdate": time_text(issued),
        },
        {"id": "#page", "type": "ProductPage", "serviceEndpoint": str(passport.uri)},
        {
            "id": "#links",
            "type": "LinkSet",
            "serviceEndpoint": f"{base_url}{passport.link_set_path}",
        },
    ]
    if passport.battery:
        endpoint = f"{base_url}{passport.model_json_path}"
        services.append({"id": "#model", "type": "ModelPassport", "serviceEndpoint": endpoint})
    return services


def _links(passport: PassportPlan, plan: Plan, issued: Issued) -> ProductLinks:
    default, before = plan.config.language, issued.version - 1
    return ProductLinks(
        page=passport.page_path,
        pages={
            code: path_in(code, passport.page_path, default) for code in plan.languages_of(passport)
        },
        passport=passport.json_path,
        did_document=passport.did_path,
        schema=schema_path(),
        model=passport.model_json_path if passport.battery else "",
        history=history_path(passport.dpp_id) if before else "",
        predecessor=version_path(passport.dpp_id, before) if before else "",
    )


def _json(
    path: str, document: Json, media_type: str, cache: CacheClass = CacheClass.DATA
) -> Artifact:
    return Artifact(
        url_path=path, content=canonical_json(document), media_type=media_type, cache=cache
    )
