"""The bundle: policy, clients, issuers and refusals in one signed document, for the brokers.

Spec: DESIGN 7; docs/formats.md. The bundle is the access control: its own key, which a broker pins;
`seq` rises, and an older bundle is refused; past `validUntil` nothing is released. The signature is
Ed25519 over "cellfolio/bundle/v1", a zero byte and the SHA-256 of the canonical form without
`signature`. What a broker does with it, and where it lies, isn't known here.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from passport.access.client import Client, TrustedIssuer
from passport.access.decision import AccessPolicy
from passport.access.members import parse_refusal, refusal_to_json
from passport.access.policy import parse_policy, published_policy
from passport.access.refusal import Refusal, Refusals
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of
from passport.encoding.multibase import base58_multibase, digest_multibase, from_base58_multibase
from passport.encoding.strict_json import LARGEST_INTEGER, parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing import ed25519
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Signer

FORMAT = "cellfolio-bundle-v1"
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest bundle: a purchaser may have a million batteries."""

T = TypeVar("T")

_MEMBERS = frozenset(
    {
        *("format", "seq", "validFrom", "validUntil", "policy", "clients", "issuers"),
        *("refusals", "signature"),
    }
)


class BundleCheck(StrEnum):
    """What is checked of a bundle, in this order; a `VerificationError` names the failed one."""

    JSON = "bundle/json"
    """The bytes are canonical JSON."""
    SIGNATURE = "bundle/signature"
    """The pinned key signed them."""
    FORM = "bundle/form"
    """Every member is known, of its type, and refers to what is there."""
    SEQ = "bundle/seq"
    """It is not older than the newest that was seen."""
    VALIDITY = "bundle/validity"
    """It is in force now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Who may have which keys, from one time to another; `ValueError` for two equal clients."""

    seq: int
    valid_from: datetime
    valid_until: datetime
    policy: AccessPolicy
    """With `refusals` in it, so that `decide` needs nothing else."""
    clients: tuple[Client, ...]
    issuers: tuple[TrustedIssuer, ...]
    _by_id: Mapping[str, Client] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {client.id: client for client in self.clients}
        if len(by_id) != len(self.clients):
            raise ValueError("two clients of the bundle have the same id")
        if len({client.public_key for client in self.clients}) != len(self.clients):
            raise ValueError("two clients of the bundle have the same key")
        if len({issuer.did for issuer in self.issuers}) != len(self.issuers):
            raise ValueError("two issuers of the bundle have the same DID")
        object.__setattr__(self, "_by_id", by_id)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What is refused to everybody."""
        return self.policy.refusals.entries

    def client(self, client_id: str) -> Client:
        """Return a client, live or not; `VerificationError` for an unknown one."""
        try:
            return self._by_id[client_id]
        except KeyError as error:
            raise VerificationError(
                f"{quoted(client_id)} is no client", "ask the operator to enter it", check="client"
            ) from error

    def issuer(self, did: str) -> TrustedIssuer:
        """Return a trusted issuer; `VerificationError` for any other."""
        for issuer in self.issuers:
            if issuer.did == did:
                return issuer
        raise VerificationError(
            f"{quoted(did)} is no trusted issuer of role credentials", check="issuer"
        )

    def is_in_force(self, now: datetime) -> bool:
        """Whether keys may be released by it at a time."""
        return self.valid_from <= now < self.valid_until


def sign_bundle(bundle: Bundle, signer: Signer) -> bytes:
    """Return the signed document: canonical JSON, the same bytes for the same bundle and key."""
    if bundle.valid_until <= bundle.valid_from or not 0 < bundle.seq <= LARGEST_INTEGER:
        raise ValueError(f"bundle {bundle.seq} ends before it begins, or its number is none")
    members = _to_json(bundle)
    signature = base58_multibase(signer.sign(_signing_input(members)))
    return canonical_json({**members, "signature": signature})


def verify_bundle(
    content: bytes, pinned: PublicKey, now: datetime, *, least_seq: int = 0
) -> Bundle:
    """Return the bundle if everything holds; `VerificationError` names the failed `BundleCheck`.

    `least_seq` is the number of the newest bundle seen so far, which may be read again.
    """
    with failing(BundleCheck.JSON):
        members = parse_object(content, largest=LARGEST)
        if canonical_json(members) != content:
            raise VerificationError("the bundle is not canonical JSON", "use it as it was written")
    with failing(BundleCheck.SIGNATURE):
        unsigned = {name: value for name, value in members.items() if name != "signature"}
        signature = from_base58_multibase(text_of(members, "signature"))
        ed25519.verify(pinned, _signing_input(unsigned), signature)
    with failing(BundleCheck.FORM):
        bundle = _parse(members)
    with failing(BundleCheck.SEQ):
        if bundle.seq < least_seq:
            raise VerificationError(
                f"bundle {bundle.seq} is older than {least_seq}, which was in use",
                "give the newest bundle",
            )
    with failing(BundleCheck.VALIDITY):
        if not bundle.is_in_force(now):
            raise VerificationError(
                f"the bundle is in force from {time_text(bundle.valid_from)} "
                f"until {time_text(bundle.valid_until)}, not now",
                "write a new one with `cellfolio access bundle`",
            )
    return bundle


def parse_bundle(content: bytes) -> Bundle:
    """Read a bundle that is vouched for otherwise: signature and time are not looked at.

    Its digest stands in a log, or it is to be verified with the time that it states itself.
    `VerificationError` for another form.
    """
    with failing(BundleCheck.FORM):
        return _parse(parse_object(content, largest=LARGEST))


def bundle_digest(content: bytes) -> str:
    """Return the digest of a signed bundle, as its entry in the log has it."""
    return digest_multibase(content)


def _signing_input(members: JsonObject) -> bytes:
    # A digest, since key services sign 4096 bytes at most.
    return b"cellfolio/bundle/v1\0" + hashlib.sha256(canonical_json(members)).digest()


def _to_json(bundle: Bundle) -> JsonObject:
    return {
        "format": FORMAT,
        "seq": bundle.seq,
        "validFrom": time_text(bundle.valid_from),
        "validUntil": time_text(bundle.valid_until),
        "policy": published_policy(bundle.policy),
        "clients": [client.to_json() for client in bundle.clients],
        "issuers": [issuer.to_json() for issuer in bundle.issuers],
        "refusals": [refusal_to_json(refusal) for refusal in bundle.refusals],
    }


def _parse(members: JsonObject) -> Bundle:
    only(members, _MEMBERS)
    if members.get("format") != FORMAT:
        raise VerificationError("it is no bundle", f"its format is {FORMAT}")
    seq = members.get("seq")
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 1:
        raise VerificationError("member 'seq' is no number of a bundle", "it begins with 1")
    refused = [parse_refusal(as_object(part, "refusal")) for part in list_of(members, "refusals")]
    try:
        return Bundle(
            seq=seq,
            valid_from=parse_time(text_of(members, "validFrom")),
            valid_until=parse_time(text_of(members, "validUntil")),
            policy=parse_policy(object_of(members, "policy"), Refusals(tuple(refused))),
            clients=_parts(Client.parse, members, "clients"),
            issuers=_parts(TrustedIssuer.parse, members, "issuers"),
        )
    except ValueError as error:
        raise VerificationError(str(error)) from error


def _parts(parse: Callable[[JsonObject], T], members: JsonObject, name: str) -> tuple[T, ...]:
    return tuple(parse(as_object(part, name)) for part in list_of(members, name))
