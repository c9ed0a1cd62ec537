"""The passport as a credential: its members, and what must hold of them besides its proof.

DESIGN 5: W3C Verifiable Credentials 2.0, issued by a did:web, about one product. `id` names the
version and is never parsed for meaning. Verifying returns the verified passport or raises; the
checks have names, which the command line and the page tell alike. Fetching, logs and status lists
are not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from passport.base_url import BaseUrl
from passport.context import context_path
from passport.did.document import Resolve
from passport.did.web import DidWeb, issuer_did
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.errors import VerificationError, failing
from passport.identifiers import DppId, ProductUri, parse_product_uri
from passport.log.checkpoint import log_origin
from passport.quoting import quoted
from passport.signing.proof import BASE_CONTEXT, Verified, verify
from passport.status_list import StatusBit
from passport.subject import Subject, subject_json

TYPES = ("VerifiableCredential", "DigitalProductPassport", "BatteryPassport")
MEDIA_TYPE = "application/vc"

_MEMBERS = frozenset(
    {
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "version",
        "previousVersion",
        "log",
        "credentialSchema",
        "credentialStatus",
        "relatedResource",
        "credentialSubject",
    }
)

_ANEW = ("proof", "id", "validFrom", "version", "previousVersion", "log", "credentialStatus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which version of a passport it is.

    `previous` is the digest of the version before, "" for the first; `generation` and `index` say
    where the transparency log holds it; the index is also its bit in the status list.
    """

    version: int
    previous: str
    generation: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedResource:
    """A sealed file that a version binds: its path on the site, digest and media type."""

    path: str
    digest: str
    media_type: str


class PassportCheck(StrEnum):
    """What is checked of a passport besides its proof, in this order."""

    JSON = "json"
    """The bytes are JSON that everybody reads alike."""
    FORM = "form"
    """It is a battery passport of this format, with known members only."""
    PLACE = "place"
    """Its id, product and issuer belong together, and it lies where they say."""
    PRODUCT = "product"
    """It is about the product that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPassport:
    """A passport whose signature, form and place hold."""

    uri: ProductUri
    version: int
    subject: JsonObject
    proof: Verified

    @property
    def dpp_id(self) -> DppId:
        """Its name in paths."""
        return DppId.of(self.uri.key)


def passport_path(dpp_id: DppId) -> str:
    """Where the current passport lies."""
    return f"/dpp/{dpp_id}/passport.json"


def credential(
    uri: ProductUri,
    subject: Subject,
    documents: Mapping[str, str],
    *,
    edition: Edition,
    also_known_as: tuple[str, ...],
    schema_path: str,
    time: datetime,
    related: tuple[RelatedResource, ...] = (),
) -> JsonObject:
    """Return an unsigned passport; `documents` maps digests to addresses."""
    base_url = uri.base_url
    path = passport_path(DppId.of(uri.key))
    previous = {"previousVersion": edition.previous} if edition.previous else {}
    return {
        "@context": contexts(base_url),
        "id": f"{base_url}{path}#v{edition.version}",
        "type": list(TYPES),
        "issuer": {"id": str(issuer_did(base_url)), "alsoKnownAs": list(also_known_as)},
        "validFrom": time_text(time),
        "version": edition.version,
        **previous,
        "log": {"origin": log_origin(base_url, edition.generation), "index": edition.index},
        "credentialStatus": StatusBit.of(base_url, edition.generation, edition.index).to_json(),
        "credentialSchema": {"id": f"{base_url}{schema_path}", "type": "JsonSchema"},
        **({"relatedResource": [_related(each, base_url) for each in related]} if related else {}),
        "credentialSubject": subject_json(subject, documents),
    }


def related_resources(document: JsonObject, base_url: BaseUrl) -> tuple[RelatedResource, ...]:
    """Read the sealed files that a passport binds; `VerificationError` for another form.

    A passport binds files of its own site only, each once.
    """
    if "relatedResource" not in document:
        return ()
    found = tuple(
        _resource(as_object(raw, "relatedResource"), base_url)
        for raw in list_of(document, "relatedResource")
    )
    if not found or len({each.path for each in found}) < len(found):
        raise VerificationError("relatedResource is empty or names a file twice")
    return found


def _related(resource: RelatedResource, base_url: BaseUrl) -> Json:
    return {
        "id": f"{base_url}{resource.path}",
        "mediaType": resource.media_type,
        "digestMultibase": resource.digest,
    }


def _resource(raw: JsonObject, base_url: BaseUrl) -> RelatedResource:
    only(raw, frozenset({"id", "mediaType", "digestMultibase"}))
    address = text_of(raw, "id")
    path = address.removeprefix(str(base_url))
    if path == address or not path.startswith("/dpp/"):
        raise VerificationError(f"{quoted(address)} is no sealed file of {base_url}")
    return RelatedResource(
        path=path, digest=text_of(raw, "digestMultibase"), media_type=text_of(raw, "mediaType")
    )


def log_index_of(document: JsonObject) -> int:
    """Return where a document says that the log holds it; `VerificationError` for no index."""
    index = object_of(document, "log").get("index")
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise VerificationError("its place in the log is no index")
    return index


def lasting(document: JsonObject) -> JsonObject:
    """What a passport says, without what every version says anew: the rest decides if one is due.

    Two passports are one version if this is equal.
    """
    subject = object_of(document, "credentialSubject")
    return {
        **{name: value for name, value in document.items() if name not in _ANEW},
        "credentialSubject": {k: v for k, v in subject.items() if k != "lastUpdate"},
    }


def status_of(passport: VerifiedPassport) -> StatusBit:
    """Where a passport's status stands; `VerificationError` unless its log index is its bit."""
    document = passport.proof.document
    bit = StatusBit.parse(object_of(document, "credentialStatus"), passport.uri.base_url)
    place = object_of(document, "log")
    wanted = {
        "origin": log_origin(passport.uri.base_url, bit.address.generation),
        "index": bit.index,
    }
    if place != wanted:
        raise VerificationError("its place in the log is not its place in the status list")
    return bit


def version_of(document: JsonObject) -> int:
    """Return a passport's version; `VerificationError` unless it is a whole number from 1 on."""
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise VerificationError("its version is not a whole number from 1 on")
    return version


def contexts(base_url: BaseUrl) -> list[Json]:
    """The `@context` of a site's passports."""
    return [BASE_CONTEXT, f"{base_url}{context_path()}"]


def verify_passport(
    content: bytes, resolve: Resolve, *, expected: ProductUri | None = None
) -> VerifiedPassport:
    """Verify a passport's bytes; `VerificationError` names the first check that fails.

    `expected` is the product URI that was scanned; without one, whoever asked must look at `uri`.
    A key that was revoked is accepted if the log held the passport before: the log must be asked.
    """
    with failing(PassportCheck.JSON):
        document = parse_object(content)
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    with failing(PassportCheck.FORM):
        version = _check_form(unsigned)
        log_index = log_index_of(unsigned)
    with failing(PassportCheck.PLACE):
        uri = _check_place(unsigned, version)
    with failing(PassportCheck.PRODUCT):
        if expected is not None and uri != expected:
            raise VerificationError(
                f"it is the passport of {uri}, not of {expected}",
                "do not rely on it: a passport of another product lies here",
            )
    issuer = str(issuer_did(uri.base_url))
    proof = verify(document, resolve, issuer=issuer, log_index=log_index)
    return VerifiedPassport(
        uri=uri,
        version=version,
        subject=object_of(proof.document, "credentialSubject"),
        proof=proof,
    )


def _check_form(document: JsonObject) -> int:
    only(document, _MEMBERS)
    if texts_of(document, "type") != TYPES:
        raise VerificationError("it is no battery passport", f"its type must be {', '.join(TYPES)}")
    return version_of(document)


def _check_place(document: JsonObject, version: int) -> ProductUri:
    subject = object_of(document, "credentialSubject")
    uri = parse_product_uri(text_of(subject, "id")).uri
    issuer = DidWeb.parse(text_of(object_of(document, "issuer"), "id"))
    expected = issuer_did(uri.base_url)
    wanted = f"{uri.base_url}{passport_path(DppId.of(uri.key))}#v{version}"
    if text_of(document, "id") != wanted:
        raise VerificationError(f"its id is {quoted(text_of(document, 'id'))}, not {wanted}")
    if list(list_of(document, "@context")) != contexts(uri.base_url):
        raise VerificationError(
            "its @context is not the one of this format", "terms may mean something else"
        )
    if issuer != expected:
        raise VerificationError(
            f"{issuer} issued it, not the site of {uri.base_url}",
            "only the site that the QR code names issues its passports",
        )
    if {text_of(subject, "id"), text_of(subject, "uniqueProductIdentifier")} != {str(uri)}:
        raise VerificationError(f"its product identifiers are not both {uri}")
    return uri
