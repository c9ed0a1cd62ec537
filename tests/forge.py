"""Makes the vectors of proofs and passports: sound documents, and every lie about who signed what.

`tests/vectors/{proof,credential}/recipes.json` say in a line what is wrong; this makes the whole
documents that twins in other languages check. A forger has keys, time and our own code, so most
documents carry a signature that is right over something wrong. All keys are demo keys.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha512
from typing import Any

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
)

from passport.did.document import issuer_document
from passport.did.key import did_key_method
from passport.encoding.multibase import base58_multibase, from_base58_multibase
from passport.encoding.timestamp import time_text
from passport.signing.keys import IssuerKey, KeyId, Revocation, SeedSigner, demo_secret, demo_signer
from passport.signing.proof import PURPOSE, SUITE, sign, signing_input
from tests.vectors import Vector, load_vectors

Object = dict[str, Any]

DID = "did:web:id.example.com"
TIME = datetime(2026, 2, 18, 9, 30, tzinfo=UTC)
KEY_NAMES = ("issuing-1", "issuing-2", "issuing-3", "checkpoint-1")
REVOKED = "issuing-3"
ORDER = 2**252 + 27742317777372353535851937790883648493
NEUTRAL = b"\1" + bytes(31)
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")

PASSPORT: Object = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://id.example.com/ctx/battery-passport-1.0.0.jsonld",
    ],
    "id": "https://id.example.com/dpp/01_09506000134352_21_ABC123/passport.json#v2",
    "type": ["VerifiableCredential", "DigitalProductPassport", "BatteryPassport"],
    "issuer": {"id": DID},
    "validFrom": "2026-02-18T09:30:00Z",
    "version": 2,
    "log": {"origin": "id.example.com/log/1", "index": 9},
    "credentialSubject": {
        "id": "https://id.example.com/01/09506000134352/21/ABC123",
        "uniqueProductIdentifier": "https://id.example.com/01/09506000134352/21/ABC123",
        "nominalVoltage": {"value": "51.2", "unit": "V"},
    },
}


def signer_named(name: str) -> SeedSigner:
    """Return the demo key of a name, or the attacker's."""
    if name == "attacker":
        return SeedSigner(demo_secret("attacker"))
    return demo_signer(KeyId.parse(name))


def issuer() -> Object:
    """Return a DID document: two keys that sign, one that was revoked, one for checkpoints."""
    revocation = Revocation(time=TIME + timedelta(days=1), log_size=7)
    keys = [
        IssuerKey(
            key_id=KeyId.parse(name),
            public_key=signer_named(name).public_key,
            revocation=revocation if name == REVOKED else None,
        )
        for name in KEY_NAMES
    ]
    return dict(issuer_document(DID, keys, ["did:webvh:QmExample:id.example.com"]))


def signed_passport() -> Object:
    """Return the passport as our own code signs it."""
    signer = signer_named("issuing-1")
    method = f"{DID}#issuing-1"
    return dict(sign(PASSPORT, signer, created=TIME, verification_method=method))


def changed(document: Object, changes: Object) -> Object:
    """Return a document with members at dotted paths replaced, or removed where None."""
    for path, value in changes.items():
        name, _, rest = path.partition(".")
        new = changed(document[name], {rest: value}) if rest else value
        document = {k: v for k, v in {**document, name: new}.items() if v is not None}
    return document


def forged(recipe: Object) -> Object:
    """Return the signed document of a recipe."""
    document = changed(PASSPORT, recipe.get("passport", {}))
    name = recipe.get("signer", "issuing-1")
    proof = forged_proof(document, name, recipe.get("options", {}))
    if "signature" in recipe:
        proof["proofValue"] = misspelt(proof["proofValue"], recipe["signature"])
    if "r" in recipe:
        proof = signed_with_odd_r(proof, document, name, recipe["r"])
    if "proofs" in recipe:
        proofs = [forged_proof(document, signer, {}) for signer in recipe["proofs"]]
        return {**document, "proof": proofs}
    return changed({**document, "proof": proof}, recipe.get("then", {}))


def forged_proof(document: Object, name: str, changes: Object) -> Object:
    """Return a proof with any options, rightly signed over them."""
    signer = signer_named(name)
    options = {
        **SUITE,
        "created": time_text(TIME),
        "verificationMethod": f"{DID}#{name}",
        "proofPurpose": PURPOSE,
        "@context": document.get("@context"),
    }
    options = changed(options, {"@context": options["@context"], **changes})
    if options["verificationMethod"] == "did:key":
        options["verificationMethod"] = did_key_method(signer.public_key)
    signature = signer.sign(signing_input(document, options))
    return {**options, "proofValue": base58_multibase(signature)}


def signed_with_odd_r(proof: Object, document: Object, name: str, how: str) -> Object:
    """Return a proof signed by who has the key, and takes an R that RFC 8032 never makes."""
    options = {member: value for member, value in proof.items() if member != "proofValue"}
    message = signing_input(document, options)
    signature = odd_signature(signer_named(name), message, how)
    return {**options, "proofValue": base58_multibase(signature)}


def odd_signature(signer: SeedSigner, message: bytes, how: str) -> bytes:
    """Return a signature whose R is the neutral point, or holds a part of order 8.

    The first fulfils the equation of RFC 8032 5.1.7, the second its form with the cofactor only.
    """
    secret = int.from_bytes(sha512(signer.seed).digest()[:32], "little")
    secret = (secret & (1 << 254) - 8) | 1 << 254
    nonce = b"\7" + bytes(31) if how == "mixed" else bytes(32)
    r = NEUTRAL
    if any(nonce):
        r = crypto_core_ed25519_add(crypto_scalarmult_ed25519_base_noclamp(nonce), ORDER_8)
    hashed = crypto_core_ed25519_scalar_reduce(sha512(r + signer.public_key.raw + message).digest())
    product = crypto_core_ed25519_scalar_mul(hashed, (secret % ORDER).to_bytes(32, "little"))
    return r + crypto_core_ed25519_scalar_add(product, nonce)


def misspelt(value: str, how: str) -> str:
    """Return a signature cut, lengthened, or with S + L for S."""
    signature = from_base58_multibase(value)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    spellings = {
        "short": signature[:-1],
        "long": signature + b"\0",
        "order added": signature[:32] + scalar.to_bytes(32, "little"),
    }
    return base58_multibase(spellings[how])


def forged_issuer(recipe: Object) -> Object:
    """Return the issuer's document of a recipe."""
    document = issuer()
    methods = document["verificationMethod"]
    for method in methods:
        if method["id"].removeprefix(f"{DID}#") in recipe.get("revoked", ()):
            method |= {"revoked": time_text(TIME + timedelta(days=1)), "revokedAtLogSize": 7}
    first, *others = methods
    first = changed(first, recipe.get("method", {}))
    if "key" in recipe:
        prefix, length = recipe["key"]
        key = bytes.fromhex(prefix) + bytes(length)
        first = {**first, "publicKeyMultibase": base58_multibase(key)}
    if "method_twice" in recipe:
        key = signer_named(recipe["method_twice"]).public_key
        others = [*others, {**first, "publicKeyMultibase": key.multikey}]
    document = {**document, "verificationMethod": [first, *others]}
    return changed(document, recipe.get("did_document", {}))


def proof_input(vector: Vector) -> Object:
    """Return a recipe's document, and the DID documents that are at hand to judge it."""
    recipe = vector.input
    assert isinstance(recipe, dict)
    at_hand = [] if recipe.get("documents") == "none" else [forged_issuer(recipe)]
    return {
        "document": forged(recipe),
        "didDocuments": at_hand,
        "issuer": recipe.get("pinned", DID),
    }


def passport_input(vector: Vector) -> Object:
    """Return what `proof_input` does, and the product URI that was scanned, "" for none."""
    assert isinstance(vector.input, dict)
    return {**proof_input(vector), "scanned": vector.input.get("scanned", "")}


def vectors_from(kind: str, make: Callable[[Vector], Object]) -> Iterator[Object]:
    """Yield the vectors that a file of recipes stands for."""
    for vector in load_vectors(kind, "recipes"):
        refusal = {"error": vector.error, "says": vector.says}
        expect = refusal if vector.error else {"ok": vector.ok}
        yield {"name": vector.name, "why": vector.why, "input": make(vector), "expect": expect}


def proof_vectors() -> Iterator[Object]:
    return vectors_from("proof", proof_input)


def passport_vectors() -> Iterator[Object]:
    return vectors_from("credential", passport_input)
