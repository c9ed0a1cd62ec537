"""did:webvh: the issuer's identifier with its history, which survives a change of domain.

Spec: The did:webvh DID Method v1.0 (DIF). A log has one JSON line an entry; each is chained to the
one before by its digest and signed by an update key. Read more strictly than required: a log is
good as a whole or not at all, and nothing in it is unknown. `passport.did.webvh_parameters` holds
the rules of its parameters, `passport.did.webvh_log` writes logs. Where a log lies and what time
it is are passed in.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from passport.did.document import DidDocument, parse_did_document
from passport.did.key import did_key, resolve_did_key
from passport.did.web import DidWeb
from passport.did.webvh_parameters import Parameters, read_parameters
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of, texts_of
from passport.encoding.multibase import base58, sha256_multihash
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import IdentifierError, VerificationError, failing
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.proof import verify

PLACEHOLDER = "{SCID}"
"""What stands in a first entry wherever its SCID will be."""

_PREFIX = "did:webvh:"
_MEMBERS = frozenset({"versionId", "versionTime", "parameters", "state", "proof"})


@dataclass(frozen=True, slots=True)
class DidWebvh:
    """`did:webvh:SCID:HOST[%3APORT][:SEGMENT…]`; raises `IdentifierError`."""

    scid: str
    location: DidWeb

    def __post_init__(self) -> None:
        if not re.fullmatch("Qm[1-9A-HJ-NP-Za-km-z]{44}|{SCID}", self.scid):
            raise IdentifierError(f"{quoted(self.scid)} is no SCID", "it is a digest, Qm…")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a did:webvh; `IdentifierError` for anything that `str()` would not print."""
        scid, colon, location = text.removeprefix(_PREFIX).partition(":")
        if not text.startswith(_PREFIX) or not colon or scid == PLACEHOLDER:
            raise IdentifierError(f"{quoted(text)} is no did:webvh", "write did:webvh:SCID:HOST")
        return cls(scid, DidWeb.parse(f"did:web:{location}"))

    def __str__(self) -> str:
        return f"{_PREFIX}{self.scid}:{str(self.location).removeprefix('did:web:')}"

    @property
    def url(self) -> str:
        """Where its log lies."""
        return f"{self.location.folder_url}did.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One verified entry of a log; `state` is the DID document as it was then."""

    did: DidWebvh
    number: int
    version_id: str
    time: datetime
    parameters: Parameters
    state: JsonObject

    @property
    def document(self) -> DidDocument:
        """The DID document, its keys read; `VerificationError` if they are unclear."""
        return parse_did_document(self.state, str(self.did))


@dataclass(frozen=True, slots=True)
class DidLog:
    """A verified log, oldest version first; there is at least one."""

    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version that counts now."""
        return self.versions[-1]


def verify_did_log(data: bytes, *, now: datetime, did: str = "") -> DidLog:
    """Check every entry of `did.jsonl`; `VerificationError` names the entry and what fails.

    With `did`, some version must have been that DID: a moved log also speaks for its old names.
    """
    versions: list[Version] = []
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), start=1):
        with failing(f"entry {number}"):
            versions.append(_version(line, number, versions[-1] if versions else None, now))
    if did and did not in {str(version.did) for version in versions}:
        raise VerificationError(
            f"the log is of {versions[-1].did}, not of {quoted(did)}", check="did"
        )
    return DidLog(tuple(versions))


def check_extends(log: bytes, previous: bytes) -> None:
    """Hold a log to what was published before; `VerificationError` for a fork or a rollback."""
    if not log.startswith(previous):
        raise VerificationError(
            "the DID log does not extend the one published before",
            "put back every line of that one, and add new entries at its end",
        )


def scid_of(first: JsonObject, scid: str) -> str:
    """Return the SCID that a first entry should have; `scid` is what stands for it in there."""
    text = canonical_json({**_unsigned(first), "versionId": PLACEHOLDER}).decode()
    return _digest(parse_object(text.replace(scid, PLACEHOLDER).encode()))


def version_id_of(entry: JsonObject, number: int, predecessor: str) -> str:
    """Return the `versionId` that an entry should have.

    `predecessor` is that of the entry before; for the first it is the SCID.
    """
    return f"{number}-{_digest({**_unsigned(entry), 'versionId': predecessor})}"


def _digest(entry: JsonObject) -> str:
    return base58(sha256_multihash(canonical_json(entry)))


def _unsigned(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if name != "proof"}


def _version(line: bytes, number: int, previous: Version | None, now: datetime) -> Version:
    entry = parse_object(line)
    with failing("members"):
        only(entry, _MEMBERS)
        state = object_of(entry, "state")
    with failing("parameters"):
        before = previous.parameters if previous else None
        parameters = read_parameters(object_of(entry, "parameters"), before)
    with failing("versionId"):
        predecessor = previous.version_id if previous else _checked_scid(entry, parameters.scid)
        version_id = _checked_version_id(entry, number, predecessor)
    with failing("versionTime"):
        time = _checked_time(entry, previous, now)
    with failing("state"):
        did = _checked_did(state, previous, parameters)
    _check_proof(entry, parameters.signing_keys)
    return Version(
        did=did,
        number=number,
        version_id=version_id,
        time=time,
        parameters=parameters,
        state=state,
    )


def _checked_scid(first: JsonObject, scid: str) -> str:
    if scid_of(first, scid) != scid:
        raise VerificationError(f"{quoted(scid)} is not the digest of the first entry")
    return scid


def _checked_version_id(entry: JsonObject, number: int, predecessor: str) -> str:
    expected = version_id_of(entry, number, predecessor)
    if text_of(entry, "versionId") != expected:
        raise VerificationError(f"{quoted(text_of(entry, 'versionId'))} should be {expected}")
    return expected


def _checked_time(entry: JsonObject, previous: Version | None, now: datetime) -> datetime:
    time = parse_time(text_of(entry, "versionTime"))
    if previous is not None and time <= previous.time:
        raise VerificationError(f"{time_text(time)} is not after the entry before")
    if time > now:
        raise VerificationError(f"{time_text(time)} is still to come", "set this machine's clock")
    return time


def _checked_did(state: JsonObject, previous: Version | None, parameters: Parameters) -> DidWebvh:
    did = DidWebvh.parse(text_of(state, "id"))
    if did.scid != parameters.scid:
        raise VerificationError(f"{did} has not the SCID {parameters.scid}")
    if previous is not None and did != previous.did:
        if not parameters.portable:
            raise VerificationError(f"{previous.did} can't move to {did}: it isn't portable")
        if str(previous.did) not in texts_of(state, "alsoKnownAs"):
            raise VerificationError(f"{did} doesn't say that it was {previous.did}")
    return did


def _check_proof(entry: JsonObject, keys: tuple[PublicKey, ...]) -> None:
    with failing("proof"):
        proofs = list_of(entry, "proof")
        if len(proofs) != 1:
            raise VerificationError("there is not exactly one proof")
        proof = as_object(proofs[0], "proof")
    with failing("update-key"):
        signer = text_of(proof, "verificationMethod").partition("#")[0]
        if signer not in map(did_key, keys):
            raise VerificationError(f"{quoted(signer)} is no update key of this entry")
    verify({**entry, "proof": proof}, resolve_did_key, issuer=signer)
