"""The issuer of a site: its DID log, its DID document, and the signer that issues now.

One project, one base_url, one issuer (DESIGN 5). This is what a build needs of keys; where private
ones lie is known to the modules that make an `Issuer`.
"""

from dataclasses import dataclass
from datetime import datetime

from passport.base_url import BaseUrl
from passport.credential import log_index_of
from passport.did.document import DidDocument, Resolve, parse_did_document, resolve_among
from passport.did.web import issuer_did
from passport.did.webvh import verify_did_log
from passport.did.webvh_log import web_document
from passport.encoding.canonical import JsonObject
from passport.errors import ConfigError, VerificationError
from passport.signing.keys import KeyId, Signer
from passport.signing.proof import Check, sign, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: `log` is the whole did:webvh log, `document` the did:web derived from it."""

    did: str
    webvh: str
    log: bytes
    document: DidDocument
    key_id: KeyId
    signer: Signer
    checkpoint_signer: Signer

    def vouches_for(self, published: JsonObject) -> bool:
        """Whether a signature of ours is still good: its key may have been revoked since.

        Raises `VerificationError` if it never was.
        """
        try:
            verify(published, self.resolve, issuer=self.did, log_index=log_index_of(published))
        except VerificationError as error:
            if error.check != Check.AUTHORISED:
                raise
            return False
        return True

    def signed(self, document: JsonObject, time: datetime) -> JsonObject:
        """Return a document with a proof, made at a time by the key that issues now."""
        return sign(document, self.signer, created=time, verification_method=self.method)

    @property
    def method(self) -> str:
        """The id of the verification method that signs now."""
        return f"{self.did}#{self.key_id}"

    @property
    def also_known_as(self) -> tuple[str, ...]:
        """The other identifiers that passports name."""
        return (self.webvh,)

    @property
    def resolve(self) -> Resolve:
        """Finds the issuer's own keys."""
        return resolve_among((self.document,))

    @property
    def members(self) -> JsonObject:
        """The DID document, as `/.well-known/did.json`."""
        return self.document.members


def make_issuer(
    base_url: BaseUrl,
    log: bytes,
    key_id: KeyId,
    signer: Signer,
    checkpoint_signer: Signer,
    now: datetime,
) -> Issuer:
    """Derive an issuer from its DID log; `ConfigError` if the log does not name the key.

    Raises `VerificationError` for a log that does not hold.
    """
    latest = verify_did_log(log, now=now).latest
    did = str(issuer_did(base_url))
    document = parse_did_document(web_document(latest), did)
    issuer = Issuer(
        did=did,
        webvh=str(latest.did),
        log=log,
        document=document,
        key_id=key_id,
        signer=signer,
        checkpoint_signer=checkpoint_signer,
    )
    if document.method(issuer.method).public_key != signer.public_key:
        raise ConfigError(
            f"the private key at hand is not {key_id} of the DID log",
            "bring back the right key, or put the DID log back from Git",
        )
    return issuer
