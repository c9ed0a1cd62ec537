"""Data Integrity proofs, `eddsa-jcs-2022` and nothing else: made and checked.

Spec: Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0, 3.3. Checking
is stricter than either: one proof, known members, the very `@context` of the document, and a key
of the issuer's own DID document that `assertionMethod` names. So what is verified is all that was
signed, by whom it says. What a document means, and whether it is current, are other checks.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from passport.did.document import Resolve, VerificationMethod
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.json_members import only, text_of
from passport.encoding.multibase import base58_multibase, from_base58_multibase
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing import ed25519
from passport.signing.keys import Signer

SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}
PURPOSE = "assertionMethod"
BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"
"""The first context of each credential (VC Data Model 2.0); it defines proofs too."""

_OPTIONS = frozenset({*SUITE, "created", "verificationMethod", "proofPurpose"})
_MEMBERS = _OPTIONS | {"proofValue", "@context"}


class Check(StrEnum):
    """What is checked, in this order; a `VerificationError` names the first that fails."""

    PROOF = "proof"
    """There is one proof, with every member that it needs and no other."""
    SUITE = "suite"
    """It is of the one suite that we use."""
    PURPOSE = "purpose"
    """It asserts; it doesn't merely authenticate."""
    CREATED = "created"
    """It tells when it was made."""
    CONTEXT = "context"
    """It repeats the document's `@context`, so that no term changes its meaning."""
    ISSUER = "issuer"
    """The key's id begins with the DID of the document's issuer."""
    METHOD = "method"
    """That DID's document has the key, and the key is under its control alone."""
    AUTHORISED = "authorised"
    """The key may sign documents: it was given that right, and it wasn't revoked."""
    KEY = "key"
    """The key is a sound Ed25519 key."""
    SIGNATURE = "signature"
    """The signature is the key's over these very bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A document that was verified, without its proof; use this one, not the one passed in."""

    document: JsonObject
    issuer: str
    method: VerificationMethod
    created: datetime


def sign(
    document: JsonObject, signer: Signer, *, created: datetime, verification_method: str
) -> JsonObject:
    """Return the document with its one proof.

    `verification_method` is the id of the signer's key in its DID document. Signing again with the
    same key and time gives the same bytes. Raises `ValueError` if there is a proof already.
    """
    if "proof" in document:
        raise ValueError("the document has a proof already")
    options: dict[str, Json] = {
        **SUITE,
        "created": time_text(created),
        "verificationMethod": verification_method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = signer.sign(signing_input(document, options))
    return {**document, "proof": {**options, "proofValue": base58_multibase(signature)}}


def signing_input(document: JsonObject, options: JsonObject) -> bytes:
    """Return the 64 bytes that are signed: the digests of the proof's options and the document."""
    return b"".join(hashlib.sha256(canonical_json(part)).digest() for part in (options, document))


def verify(
    document: JsonObject, resolve: Resolve, *, issuer: str = "", log_index: int | None = None
) -> Verified:
    """Check everything about a document's proof; `VerificationError` names the failed `Check`.

    Whoever the document names as `issuer` must have signed it. If `issuer` is passed in, it must be
    that one; a document without that member must be signed by the one passed in. A key that was
    revoked is good for documents that the issuer's log held by then: `log_index` is where the log
    holds this one, None if that isn't known; whoever passes it in must look there.
    """
    with failing(Check.PROOF):
        proof = _only_proof(document)
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    created = _check_options(unsigned, options)
    with failing(Check.ISSUER):
        signed_by = _expected_issuer(unsigned, issuer)
        method_id = _own_method(text_of(proof, "verificationMethod"), signed_by)
    with failing(Check.METHOD):
        method = _controlled_method(resolve(method_id), method_id, signed_by)
    with failing(Check.AUTHORISED):
        _check_authorised(method, created, log_index)
    with failing(Check.KEY):
        key = method.public_key
    with failing(Check.SIGNATURE):
        signature = from_base58_multibase(text_of(proof, "proofValue"))
        ed25519.verify(key, signing_input(unsigned, options), signature)
    return Verified(document=unsigned, issuer=signed_by, method=method, created=created)


def issuer_of(document: JsonObject) -> str:
    """Return the DID in `issuer`, be it a text or an object; `VerificationError` without one."""
    issuer = document.get("issuer")
    return text_of(issuer if isinstance(issuer, dict) else {"id": issuer}, "id")


def _only_proof(document: JsonObject) -> JsonObject:
    proof = document.get("proof")
    if proof is None:
        raise VerificationError("the document is not signed", "ask for the signed one")
    if not isinstance(proof, dict):
        raise VerificationError("there is not exactly one proof", "one is made and one is read")
    only(proof, _MEMBERS)
    for name in sorted(_OPTIONS | {"proofValue"}):
        text_of(proof, name)
    return proof


def _check_options(unsigned: JsonObject, options: JsonObject) -> datetime:
    with failing(Check.SUITE):
        if {name: options[name] for name in SUITE} != SUITE:
            raise VerificationError(
                f"{_told(options, 'type')} of {_told(options, 'cryptosuite')} is not accepted",
                "passports are signed with eddsa-jcs-2022 only",
            )
    with failing(Check.PURPOSE):
        if options["proofPurpose"] != PURPOSE:
            raise VerificationError(f"purpose {_told(options, 'proofPurpose')} is not {PURPOSE}")
    with failing(Check.CREATED):
        created = parse_time(text_of(options, "created"))
    with failing(Check.CONTEXT):
        if _context(unsigned) != _context(options):
            raise VerificationError(
                "the proof's @context is not the document's", "terms may mean something else now"
            )
    return created


def _told(options: JsonObject, name: str) -> str:
    return quoted(text_of(options, name))


def _context(members: JsonObject) -> bytes:
    # As bytes, since in Python 1 == 1.0 == True; a missing context is not an empty one.
    return canonical_json(members["@context"]) if "@context" in members else b""


def _expected_issuer(document: JsonObject, issuer: str) -> str:
    if issuer and "issuer" not in document:
        return issuer
    named = issuer_of(document)
    if issuer and named != issuer:
        raise VerificationError(f"the issuer is {quoted(named)}, not {issuer}")
    return named


def _own_method(method_id: str, issuer: str) -> str:
    if not method_id.startswith(f"{issuer}#"):
        raise VerificationError(
            f"key {quoted(method_id)} is not of the issuer {issuer}",
            "somebody else signed what this issuer is said to have issued",
        )
    return method_id


def _controlled_method(
    method: VerificationMethod, method_id: str, issuer: str
) -> VerificationMethod:
    if method.id != method_id:
        raise VerificationError(f"asked for key {quoted(method_id)}, was given {quoted(method.id)}")
    if method.controller != issuer:
        raise VerificationError(
            f"key {quoted(method_id)} is controlled by {quoted(method.controller)}",
            f"a key of {issuer} must be controlled by it",
        )
    return method


def _check_authorised(method: VerificationMethod, created: datetime, log_index: int | None) -> None:
    if method.revoked_at is not None and (log_index is None or log_index >= method.revoked_at):
        raise VerificationError(
            f"key {quoted(method.id)} was revoked",
            "what it signs is good only if the log held it before",
        )
    may_assert = method.may_assert if method.revoked_at is None else method.is_for_issuing
    if not may_assert:
        raise VerificationError(
            f"key {quoted(method.id)} may not sign documents", "assertionMethod doesn't name it"
        )
    if method.expires is not None and created >= method.expires:
        raise VerificationError(f"key {quoted(method.id)} had expired when it signed")
