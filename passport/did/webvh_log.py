"""Writing the issuer's DID log: begin it, extend it, and tell did:web the same.

Spec: The did:webvh DID Method v1.0, "Create", "Update" and "Publishing a Parallel did:web DID". Our
logs are portable and pre-rotated: each entry is signed by a key that the one before committed to,
so a stolen update key can't extend the log. Each log is verified before it is returned. Where keys
and logs are kept isn't known here.
"""

from datetime import datetime

from passport.did.key import did_key_method
from passport.did.web import DidWeb
from passport.did.webvh import (
    PLACEHOLDER,
    DidWebvh,
    Version,
    scid_of,
    verify_did_log,
    version_id_of,
)
from passport.did.webvh_parameters import METHOD, key_hash
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.json_members import list_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Signer
from passport.signing.proof import sign


def new_did(location: DidWeb) -> DidWebvh:
    """Return the DID that the document of a first entry is written for."""
    return DidWebvh(PLACEHOLDER, location)


def create_log(
    document: JsonObject, *, signer: Signer, next_key: PublicKey, time: datetime
) -> bytes:
    """Return a log of one entry.

    `document` is written for `new_did`. `signer` is the first update key, `next_key` the one that
    will sign the second entry.
    """
    preliminary: JsonObject = {
        "versionId": PLACEHOLDER,
        "versionTime": time_text(time),
        "parameters": {
            "method": METHOD,
            "scid": PLACEHOLDER,
            "portable": True,
            **_keys(signer, next_key),
        },
        "state": document,
    }
    scid = scid_of(preliminary, PLACEHOLDER)
    text = canonical_json(preliminary).decode().replace(PLACEHOLDER, scid)
    log = _signed_line(parse_object(text.encode()), 1, scid, signer, time)
    verify_did_log(log, now=time)
    return log


def append_to_log(
    log: bytes, document: JsonObject, *, signer: Signer, next_key: PublicKey, time: datetime
) -> bytes:
    """Return the log with one entry more; `VerificationError` if that would break it.

    `document` is written for the log's DID, or for the same SCID at another location: then it must
    have the DID before in `alsoKnownAs`. `signer` is the key that the last entry committed to.
    """
    latest = verify_did_log(log, now=time).latest
    entry: JsonObject = {
        "versionTime": time_text(time),
        "parameters": _keys(signer, next_key),
        "state": document,
    }
    number = latest.number + 1
    extended = log + _signed_line(entry, number, latest.version_id, signer, time)
    verify_did_log(extended, now=time)
    return extended


def web_document(version: Version) -> JsonObject:
    """Return the document of the did:web at the same place, with the same keys."""
    did, web = str(version.did), str(version.did.location)
    text = canonical_json(version.state).decode()
    document = parse_object(text.replace(did, web).encode())
    names = [name for name in texts_of(document, "alsoKnownAs") if name != web]
    return {
        **document,
        "alsoKnownAs": list(dict.fromkeys([*names, did])),
        "service": [*list_of(document, "service"), *_implicit_services(version.did.location)],
    }


def _keys(signer: Signer, next_key: PublicKey) -> dict[str, Json]:
    return {
        "updateKeys": [signer.public_key.multikey],
        "nextKeyHashes": [key_hash(next_key)],
    }


def _signed_line(
    entry: JsonObject, number: int, predecessor: str, signer: Signer, time: datetime
) -> bytes:
    identified = {**entry, "versionId": version_id_of(entry, number, predecessor)}
    method = did_key_method(signer.public_key)
    signed = sign(identified, signer, created=time, verification_method=method)
    return canonical_json({**signed, "proof": [signed["proof"]]}) + b"\n"


def _implicit_services(web: DidWeb) -> list[JsonObject]:
    """Return the services that every did:webvh has without saying so, and a did:web has not."""
    folder = web.folder_url.replace("/.well-known/", "/")
    return [
        {"id": f"{web}#files", "type": "relativeRef", "serviceEndpoint": folder},
        {
            "@context": "https://identity.foundation/linked-vp/contexts/v1",
            "id": f"{web}#whois",
            "type": "LinkedVerifiablePresentation",
            "serviceEndpoint": f"{folder}whois.vp",
        },
    ]
