"""Tombstones: what stands where a sealed file was withdrawn.

DESIGN 6. A refusal in content or a passport that ceased takes a sealed file away; its URL then
answers with this small document, signed by the issuer, which names the digest of what was there.
Whoever finds it instead of the file that a passport binds says "withdrawn", not "tampered". It
never says why. The header of the file stays readable, as it was in public before.
"""

from dataclasses import dataclass
from datetime import datetime

from passport.base_url import BaseUrl
from passport.did.document import Resolve
from passport.did.web import issuer_did
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import object_of, only, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.sealing.sealed_header import SealedHeader, sealed_document_path, sealed_path
from passport.signing.proof import verify

TYPE = "SealedFileTombstone"
_MEMBERS = frozenset({"id", "type", "issuer", "withdrawn", "digestMultibase", "header"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What was withdrawn: a file's digest and header, and when."""

    digest: str
    header: SealedHeader
    withdrawn: datetime


def tombstone_document(tombstone: Tombstone, base_url: BaseUrl) -> JsonObject:
    """Return a tombstone without its proof."""
    return {
        "id": f"{base_url}{path_of(tombstone.header)}",
        "type": TYPE,
        "issuer": str(issuer_did(base_url)),
        "withdrawn": time_text(tombstone.withdrawn),
        "digestMultibase": tombstone.digest,
        "header": tombstone.header.to_json(),
    }


def path_of(header: SealedHeader) -> str:
    """Where the file of a header lies."""
    if header.sealing.is_document:
        return sealed_document_path(header.passport, header.salt)
    return sealed_path(header.passport, header.group, header.version)


def is_tombstone(content: bytes) -> bool:
    """Tell by its first bytes whether a file may be one; nothing is verified."""
    return content.startswith(b'{"digestMultibase":')


def read_tombstone(content: bytes) -> Tombstone:
    """Read a tombstone of a site that was verified already; its own signature isn't looked at."""
    with failing("tombstone"):
        document = parse_object(content)
        return _tombstone({name: part for name, part in document.items() if name != "proof"})


def verify_tombstone(content: bytes, path: str, base_url: BaseUrl, resolve: Resolve) -> Tombstone:
    """Verify the tombstone at a path; `VerificationError` unless the site's issuer signed it.

    It has no place in the log, so one by a key that was revoked since counts for nothing.
    """
    with failing("tombstone"):
        document = parse_object(content)
        issuer = str(issuer_did(base_url))
        verified = verify(document, resolve, issuer=issuer).document
        if text_of(verified, "id") != f"{base_url}{path}":
            raise VerificationError("it is no tombstone of this file")
        tombstone = _tombstone(verified)
        if path_of(tombstone.header) != path:
            raise VerificationError("its header is of another file")
        return tombstone


def _tombstone(document: JsonObject) -> Tombstone:
    only(document, _MEMBERS)
    if text_of(document, "type") != TYPE:
        raise VerificationError("it is no tombstone")
    return Tombstone(
        digest=text_of(document, "digestMultibase"),
        header=SealedHeader.parse(object_of(document, "header")),
        withdrawn=parse_time(text_of(document, "withdrawn")),
    )
