"""Whose site a copy is: the issuer's DID document, and the DID log that must say the same.

DESIGN 5. All that is read of a site is held to the keys of this document. What it can't prove is
that the host is the right one: whoever asks compares the base URL with the one that was meant.
"""

from datetime import datetime

from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.did.document import DidDocument, parse_did_document
from passport.did.web import DidWeb, issuer_did
from passport.did.webvh import verify_did_log
from passport.did.webvh_log import web_document
from passport.encoding.canonical import canonical_json
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.errors import IdentifierError, VerificationError

DID_PATH = "/.well-known/did.json"
DID_LOG_PATH = "/.well-known/did.jsonl"
TWO_STATES = "if a deploy is under way, try again when it has ended"
"""What to do about files of which each holds, but not beside the other."""


def site_of(source: Source, expected: BaseUrl | None = None) -> BaseUrl:
    """Return whose site a copy says to be, by its issuer's DID.

    `VerificationError` unless it is the expected one; without one, whoever asked must compare.
    """
    did = text_of(parse_object(needed(source, DID_PATH)), "id")
    try:
        base_url = DidWeb.parse(did).base_url
    except IdentifierError as error:
        raise VerificationError(f"{DID_PATH}: {error.message}", error.remedy) from error
    if expected is not None and base_url != expected:
        raise VerificationError(
            f"{expected} holds a site that says it is {base_url}",
            f"ask {base_url} itself; a copy may name keys of its own",
        )
    return base_url


def read_issuer(source: Source, base_url: BaseUrl) -> DidDocument:
    """Fetch the DID document of a site's issuer; `VerificationError` for that of another."""
    did = str(issuer_did(base_url))
    return parse_did_document(parse_object(needed(source, DID_PATH)), did)


def check_did_log(issuer: DidDocument, history: bytes, now: datetime) -> None:
    """Return if the issuer's DID log holds, and its last entry is this very document."""
    latest = web_document(verify_did_log(history, now=now).latest)
    if canonical_json(latest) != canonical_json(issuer.members):
        raise VerificationError("did.json is not what did.jsonl says", TWO_STATES)
