"""DID resolution: did:web, did:webvh and did:key, as a W3C DID Resolution result.

Spec: DID Resolution 0.3 (resolution result, metadata). Documents come from the origins given;
everything else about them is judged by `passport`. A DID that can't be resolved is an error here,
not a result with an error in it: the command line says the same words to people and programs.
"""

from dataclasses import dataclass
from datetime import datetime

from generator.read.sources import Origins
from passport.did.document import DidDocument, parse_did_document
from passport.did.key import did_key_document
from passport.did.web import DidWeb
from passport.did.webvh import DidWebvh, verify_did_log
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.errors import IdentifierError, VerificationError

_MEDIA_TYPE = "application/did"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A resolved DID: its document, and what its method knows about the document."""

    document: JsonObject
    metadata: JsonObject

    def result(self) -> JsonObject:
        """The DID Resolution result, as resolvers answer it."""
        return {
            "didDocument": self.document,
            "didResolutionMetadata": {"contentType": _MEDIA_TYPE},
            "didDocumentMetadata": self.metadata,
        }


def resolve_did(did: str, origins: Origins, now: datetime) -> Resolution:
    """Resolve a DID; raises `IdentifierError`, `HostError` or `VerificationError`."""
    match did.split(":")[:2]:
        case ["did", "web"]:
            return Resolution(document=web_document_of(did, origins).members, metadata={})
        case ["did", "webvh"]:
            return _webvh(did, origins, now)
        case ["did", "key"]:
            return Resolution(document=did_key_document(did), metadata={})
    raise IdentifierError(
        f"{did!r} is of no method known here", "use did:web, did:webvh or did:key"
    )


def web_document_of(did: str, origins: Origins) -> DidDocument:
    """Fetch and read the document of a did:web."""
    parsed = DidWeb.parse(did)
    content = origins.get(parsed.url)
    if content is None:
        raise VerificationError(f"nothing lies at {parsed.url}", "ask the issuer for its address")
    return parse_did_document(parse_object(content), did)


def _webvh(did: str, origins: Origins, now: datetime) -> Resolution:
    parsed = DidWebvh.parse(did)
    content = origins.get(parsed.url)
    if content is None:
        raise VerificationError(f"nothing lies at {parsed.url}", "ask the issuer for its address")
    log = verify_did_log(content, now=now, did=did)
    first, latest = log.versions[0], log.latest
    metadata: dict[str, Json] = {
        "created": time_text(first.time),
        "updated": time_text(latest.time),
        "versionId": latest.version_id,
        "scid": latest.did.scid,
        "portable": latest.parameters.portable,
        "deactivated": latest.parameters.deactivated,
    }
    return Resolution(document=latest.state, metadata=metadata)
