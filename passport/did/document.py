"""DID documents: who may sign as whom.

Spec: DID Core 1.0 and Controlled Identifiers 1.0, read more strictly: ids of methods are absolute,
unique and the document's own, and only an Ed25519 Multikey that `assertionMethod` names signs
anything. What a method doesn't need is kept and not judged; where documents come from isn't known
here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, text_of, texts_of
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import IssuerKey, Purpose

CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")

# RFC 3986 3.5. Ids are printed as they stand, so nothing in them may steer a terminal.
_FRAGMENT = re.compile(r"(?:[0-9A-Za-z._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationMethod:
    """One key of a DID document: what it is, whose it is, and whether it signs documents."""

    id: str
    controller: str
    kind: str
    multikey: str
    may_assert: bool
    revoked_at: int | None = None
    """The size of the issuer's log by which it was revoked, None for a key that is good."""
    expires: datetime | None = None

    @property
    def is_revoked(self) -> bool:
        """Whether it was revoked, however late."""
        return self.revoked_at is not None

    @property
    def is_for_issuing(self) -> bool:
        """Whether its name says so: a revoked key stands in no relationship any more."""
        return self.id.partition("#")[2].startswith(f"{Purpose.ISSUING}-")

    @property
    def public_key(self) -> PublicKey:
        """The key itself; `VerificationError` unless it is a sound Ed25519 Multikey."""
        if self.kind != "Multikey":
            raise VerificationError(
                f"key {quoted(self.id)} is a {quoted(self.kind)}", "only a Multikey signs passports"
            )
        return PublicKey.parse(self.multikey)


Resolve = Callable[[str], VerificationMethod]
"""Finds a verification method by its id; raises `VerificationError` when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DidDocument:
    """A DID document whose own methods have been read; `members` holds all of it."""

    did: str
    methods: tuple[VerificationMethod, ...]
    also_known_as: tuple[str, ...]
    members: JsonObject

    def method(self, method_id: str) -> VerificationMethod:
        """Return the method of this id; `VerificationError` when there is none."""
        for method in self.methods:
            if method.id == method_id:
                return method
        raise VerificationError(
            f"{self.did} has no key {quoted(method_id)}",
            "the key was never the issuer's, or the document is an older one",
        )


def parse_did_document(members: JsonObject, did: str) -> DidDocument:
    """Read a DID's document; `VerificationError` if it is another's or its keys are unclear."""
    with failing("did-document"):
        if text_of(members, "id") != did:
            raise VerificationError(
                f"the document is of {quoted(text_of(members, 'id'))}, not of {did}",
                "ask the host of the DID for its own document",
            )
        # A method defined inside a relationship instead of named there is refused as no text.
        asserting = frozenset(texts_of(members, "assertionMethod"))
        methods = tuple(
            _method(as_object(raw, "verificationMethod"), did, asserting)
            for raw in list_of(members, "verificationMethod")
        )
        if len({method.id for method in methods}) < len(methods):
            raise VerificationError("two keys have one id", "keep one of them")
        return DidDocument(
            did=did,
            methods=methods,
            also_known_as=texts_of(members, "alsoKnownAs"),
            members=members,
        )


def resolve_among(documents: Iterable[DidDocument]) -> Resolve:
    """Return a function that finds methods in these documents and nowhere else."""
    by_did = {document.did: document for document in documents}

    def resolve(method_id: str) -> VerificationMethod:
        did = method_id.partition("#")[0]
        if did not in by_did:
            raise VerificationError(f"the document of {quoted(did)} is not at hand")
        return by_did[did].method(method_id)

    return resolve


def issuer_document(
    did: str,
    keys: Iterable[IssuerKey],
    also_known_as: Sequence[str],
    services: Sequence[JsonObject] = (),
) -> JsonObject:
    """Return the issuer's DID document.

    Every key ever used stays in it, in the order given; those for issuing stand in
    `assertionMethod` until they are revoked. `services` are objects with `type` and
    `serviceEndpoint`, each with a fragment as `id`.
    """
    keys = tuple(keys)
    return {
        "@context": list(CONTEXT),
        "id": did,
        "alsoKnownAs": list(also_known_as),
        "verificationMethod": [_published(did, key) for key in keys],
        "assertionMethod": [f"{did}#{key.key_id}" for key in keys if _may_assert(key)],
        "service": [{**service, "id": f"{did}{service['id']}"} for service in services],
    }


def _may_assert(key: IssuerKey) -> bool:
    return key.key_id.purpose is Purpose.ISSUING and key.revocation is None


def _published(did: str, key: IssuerKey) -> JsonObject:
    method: dict[str, Json] = {
        "id": f"{did}#{key.key_id}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.public_key.multikey,
    }
    if key.revocation is not None:
        method["revoked"] = time_text(key.revocation.time)
        method["revokedAtLogSize"] = key.revocation.log_size
    return method


def _method(raw: JsonObject, did: str, asserting: frozenset[str]) -> VerificationMethod:
    method_id = text_of(raw, "id")
    base, _, fragment = method_id.partition("#")
    if base != did or not _FRAGMENT.fullmatch(fragment):
        raise VerificationError(
            f"key {quoted(method_id)} has no absolute id of {did}", f"write {did}#NAME"
        )
    multikey = text_of(raw, "publicKeyMultibase") if "publicKeyMultibase" in raw else ""
    return VerificationMethod(
        id=method_id,
        controller=text_of(raw, "controller"),
        kind=text_of(raw, "type"),
        multikey=multikey,
        may_assert=method_id in asserting,
        revoked_at=_revoked_at(raw),
        expires=parse_time(text_of(raw, "expires")) if "expires" in raw else None,
    )


def _revoked_at(raw: JsonObject) -> int | None:
    """A key that is revoked without a size of the log was never good for anything."""
    if "revoked" not in raw:
        return None
    size = raw.get("revokedAtLogSize", 0)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise VerificationError("member 'revokedAtLogSize' is no size of a log")
    return size
