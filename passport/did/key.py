"""did:key: an identifier that is its own key, for DID logs, role credentials and tests.

Spec: The did:key Method (W3C CCG), Ed25519 only. There is nothing to fetch, rotate or revoke.
"""

from passport.did.document import CONTEXT, VerificationMethod
from passport.encoding.canonical import JsonObject
from passport.errors import VerificationError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey

_PREFIX = "did:key:"


def did_key(key: PublicKey) -> str:
    """Return the DID of a key."""
    return f"{_PREFIX}{key.multikey}"


def did_key_method(key: PublicKey) -> str:
    """Return the id of the one method of a key's DID."""
    return f"{did_key(key)}#{key.multikey}"


def parse_did_key(did: str) -> PublicKey:
    """Read the key out of its DID; `VerificationError` for another method or kind of key."""
    if not did.startswith(_PREFIX):
        raise VerificationError(f"{quoted(did)} is no did:key")
    return PublicKey.parse(did.removeprefix(_PREFIX))


def did_key_document(did: str) -> JsonObject:
    """Return the document that a did:key stands for."""
    method_id = did_key_method(parse_did_key(did))
    method = {
        "id": method_id,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": did.removeprefix(_PREFIX),
    }
    relationships = "authentication", "assertionMethod", "capabilityInvocation"
    return {
        "@context": list(CONTEXT),
        "id": did,
        "verificationMethod": [method],
        **{name: [method_id] for name in (*relationships, "capabilityDelegation")},
    }


def resolve_did_key(method_id: str) -> VerificationMethod:
    """Return the method of a did:key; `VerificationError` if body and fragment differ."""
    did, _, fragment = method_id.partition("#")
    key = parse_did_key(did)
    if fragment != key.multikey:
        raise VerificationError(
            f"{quoted(method_id)} names another key than its DID", f"write {did_key_method(key)}"
        )
    return VerificationMethod(
        id=method_id, controller=did, kind="Multikey", multikey=fragment, may_assert=True
    )
