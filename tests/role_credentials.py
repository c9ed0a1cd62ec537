"""Role credentials and their status lists, as an issuer outside of Cellfolio makes them."""

from datetime import timedelta

from passport.did.key import did_key, did_key_method
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.timestamp import time_text
from passport.signing.keys import SeedSigner
from passport.signing.proof import sign
from passport.status_bits import StatusBits
from tests.broker_bundles import ROLE_ISSUER
from tests.broker_tokens import NOW, Changes, changed, public_of, seed_of

HOLDER = seed_of("holder")
LIST_URL = "https://roles.example.org/lists/7"
INDEX = 94567


def signed(
    document: JsonObject, seed: bytes, created: timedelta = timedelta(), method: str = ""
) -> bytes:
    method = method or did_key_method(public_of(seed))
    proven = sign(document, SeedSigner(seed), created=NOW + created, verification_method=method)
    return canonical_json(proven)


def role(
    changes: Changes | None = None,
    subject: Changes | None = None,
    seed: bytes = ROLE_ISSUER,
    shift: timedelta = timedelta(),
    method: str = "",
) -> bytes:
    """Return a credential of the time `NOW + shift`, signed with the key of that id."""
    members: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "RoleCredential"],
        "issuer": did_key(public_of(seed)),
        "validFrom": time_text(NOW + shift - timedelta(days=10)),
        "validUntil": time_text(NOW + shift + timedelta(days=10)),
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST_URL,
        },
        "credentialSubject": changed(
            {
                "id": did_key(public_of(HOLDER)),
                "organisation": "Zerlegebetrieb Süd",
                "actors": ["recycler"],
            },
            subject or {},
        ),
    }
    return signed(changed(members, changes or {}), seed, shift, method)


def status_list(
    changes: Changes | None = None,
    *,
    withdrawn: tuple[int, ...] = (),
    seed: bytes = ROLE_ISSUER,
    subject: Changes | None = None,
    created: timedelta = timedelta(),
    shift: timedelta = timedelta(),
    method: str = "",
) -> bytes:
    """Return a list of the time `NOW + shift`, signed `created` later."""
    members: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_key(public_of(seed)),
        "validFrom": time_text(NOW + shift - timedelta(days=30)),
        "validUntil": time_text(NOW + shift + timedelta(days=30)),
        "credentialSubject": changed(
            {
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": StatusBits().revoke(withdrawn).encoded,
            },
            subject or {},
        ),
    }
    return signed(changed(members, changes or {}), seed, shift + created, method)
