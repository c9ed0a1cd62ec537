"""Makes the DID log vectors: histories that hold, and every way to rewrite one.

`tests/vectors/did_webvh/recipes.json` lists the entries of each log: what differs from a sound
entry before it is signed (`parameters`, `state`, `entry`), who signs, and what is changed later
(`then`). Chains, digests and signatures are made for whatever results, so that only the lie itself
is wrong.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from passport.did.document import issuer_document
from passport.did.key import did_key, did_key_method
from passport.did.webvh import PLACEHOLDER, scid_of, version_id_of
from passport.did.webvh_parameters import METHOD, key_hash
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.signing.keys import IssuerKey, KeyId
from passport.signing.proof import sign
from tests.forge import TIME, Object, changed, signer_named, vectors_from
from tests.vectors import Vector

HOST = "id.example.com"
NOW = TIME + timedelta(days=30)


def log_of(recipe: Object) -> str:
    """Return the log of a recipe, one line an entry."""
    scid, predecessor, lines = "", "", []
    for number, entry in enumerate(recipe["entries"], start=1):
        if number == 1:
            scid = scid_of(sound_entry(1, entry, PLACEHOLDER), PLACEHOLDER)
            predecessor = scid
        made = signed_entry(number, entry, scid, predecessor)
        predecessor = made["versionId"]
        lines.append(canonical_json(changed_items(made, entry.get("then", {}))).decode())
    text = "\n".join(lines) + "\n"
    for old, new in recipe.get("replace", {}).items():
        text = text.replace(old, new)
    return text


def sound_entry(number: int, recipe: Object, scid: str) -> Object:
    """Return entry `number`, unsigned: sound but for what its recipe changes."""
    entry = {
        "versionId": PLACEHOLDER,
        "versionTime": time_text(TIME + timedelta(days=number - 1)),
        "parameters": changed(sound_parameters(number, scid), recipe.get("parameters", {})),
        "state": changed(sound_state(recipe.get("host", HOST), scid), recipe.get("state", {})),
    }
    return named(changed(entry, recipe.get("entry", {})), scid)


def sound_parameters(number: int, scid: str) -> Object:
    """Return the parameters of a pre-rotated log: each entry names the next one's key."""
    rotation = {
        "updateKeys": [multikey(f"update-{number}")],
        "nextKeyHashes": [key_hash(signer_named(f"update-{number + 1}").public_key)],
    }
    first = {"method": METHOD, "scid": scid, "portable": True}
    return {**first, **rotation} if number == 1 else rotation


def sound_state(host: str, scid: str) -> Object:
    """Return the issuer's document at a host."""
    name = "issuing-1"
    key = IssuerKey(key_id=KeyId.parse(name), public_key=signer_named(name).public_key)
    return dict(issuer_document(f"did:webvh:{scid}:{host}", [key], [f"did:web:{host}"]))


def signed_entry(number: int, recipe: Object, scid: str, predecessor: str) -> Object:
    """Return entry `number`, chained and signed."""
    entry = sound_entry(number, recipe, scid)
    number = recipe.get("number", number)
    version_id = version_id_of(entry, number, recipe.get("predecessor", predecessor))
    signer = signer_named(recipe.get("signer", f"update-{number}"))
    method = recipe.get("method", did_key_method(signer.public_key))
    if method == "mismatch":
        method = f"{did_key(signer.public_key)}#{multikey('attacker')}"
    entry = {**entry, "versionId": version_id}
    signed = sign(entry, signer, created=TIME, verification_method=method)
    return {**signed, "proof": [signed["proof"]]}


def named(value: Any, scid: str) -> Any:  # noqa: ANN401 (any part of a recipe)
    """Replace names of keys by the keys, and `{SCID}` by the SCID, anywhere in a recipe."""
    if isinstance(value, dict):
        return {name: named(part, scid) for name, part in value.items()}
    if isinstance(value, list):
        return [named(part, scid) for part in value]
    if isinstance(value, str) and value.startswith("key "):
        return multikey(value.removeprefix("key "))
    if isinstance(value, str) and value.startswith("hash "):
        return key_hash(signer_named(value.removeprefix("hash ")).public_key)
    return value.replace(PLACEHOLDER, scid) if isinstance(value, str) else value


def changed_items(entry: Object, changes: Object) -> Object:
    """Like `changed`, where `proof.` reaches into the only proof."""
    proof_changes = {k[6:]: v for k, v in changes.items() if k.startswith("proof.")}
    others = {k: v for k, v in changes.items() if not k.startswith("proof.")}
    (proof,) = entry["proof"]
    return changed({**entry, "proof": [changed(proof, proof_changes)]}, others)


def multikey(name: str) -> str:
    """Return the public key of a demo key."""
    return signer_named(name).public_key.multikey


def scid_in(log: str) -> str:
    """Return the SCID that a log's first entry states."""
    first = parse_object(log.partition("\n")[0].encode())
    return str(dict(first)["parameters"]["scid"])


def log_input(vector: Vector) -> Object:
    """Return the log of a recipe, the time it is read, and the DID that is asked for."""
    recipe = vector.input
    assert isinstance(recipe, dict)
    log = log_of(recipe)
    did = recipe.get("did", "")
    return {"log": log, "now": time_text(NOW), "did": named(did, scid_in(log)) if did else ""}


def log_vectors() -> Iterator[Object]:
    return vectors_from("did_webvh", log_input)
