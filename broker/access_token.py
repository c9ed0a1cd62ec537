"""Access tokens: for five minutes, a key stands for a client or for who holds a role credential.

Spec: RFC 9068 (`at+jwt`), RFC 9449 6 (`cnf.jkt`). The broker signs and reads its own tokens only,
with a key of its own. A token says who asks, never what they may have: that is read from the bundle
in force at each release, so a client that was taken out of it has nothing left at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self

from broker.jws import Kind, id_of, parse_jws, time_of
from passport.access.bundle import Bundle
from passport.access.decision import Subject
from passport.access.members import code
from passport.access.rule import Actor, AuthenticationMethod
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import object_of, text_of, texts_of
from passport.errors import VerificationError
from passport.signing.jwk import jwk_thumbprint
from passport.signing.jws import compact_jws
from passport.signing.keys import Signer

LIFE = timedelta(minutes=5)
_KIND = Kind("at+jwt", required=frozenset({"kid"}))
_MOST_REMEMBERED = 1024
"""Tokens that were verified and aren't again; what may change of them is looked at each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who a token is for: a client, or, if `role_issuer` is set, who holds a role credential."""

    client: str
    """The client's id, or the holder's DID."""
    role_issuer: str = ""
    """The DID of who issued the role credential."""
    organisation: str = ""
    """As the role credential has it; a client's stands in the bundle."""
    actors: tuple[Actor, ...] = ()
    """The roles that the credential says."""

    def subject(self, bundle: Bundle, now: datetime) -> Subject:
        """Return who asks, by the bundle in force; `VerificationError` if they may no longer."""
        if not self.role_issuer:
            return bundle.client(self.client).subject(now.date())
        issuer = bundle.issuer(self.role_issuer)
        if not issuer.period.holds(now.date()):
            raise VerificationError(f"{issuer.did} is not trusted on {now.date()}", check="issuer")
        return Subject(
            client=self.client,
            organisation=self.organisation,
            actors=tuple(actor for actor in self.actors if actor in issuer.actors),
            method=AuthenticationMethod.ROLE_CREDENTIAL,
            assurance=issuer.assurance,
        )

    def to_json(self) -> JsonObject:
        """Return the claims that tell it."""
        who: JsonObject = {"sub": self.client, "client_id": self.client}
        if not self.role_issuer:
            return who
        role = {"issuer": self.role_issuer, "organisation": self.organisation}
        return {**who, "role": {**role, "actors": list(self.actors)}}

    @classmethod
    def parse(cls, claims: JsonObject) -> Self:
        """Read those claims back."""
        if "role" not in claims:
            return cls(client=text_of(claims, "sub"))
        role = object_of(claims, "role")
        return cls(
            client=text_of(claims, "sub"),
            role_issuer=text_of(role, "issuer"),
            organisation=text_of(role, "organisation"),
            actors=tuple(code(Actor, text) for text in texts_of(role, "actors")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that holds."""

    holder: Holder
    jkt: str
    """Thumbprint of the key whose proofs must come with it."""
    jti: str
    expires: datetime


class AccessTokens:
    """Makes and reads the tokens of one broker; `issuer` is its name and their audience."""

    def __init__(self, issuer: str, signer: Signer) -> None:
        self.issuer = issuer
        self.signer = signer
        self.key_id = jwk_thumbprint(signer.public_key)
        self._verified = lru_cache(_MOST_REMEMBERED)(self._read)

    def issue(self, holder: Holder, *, jkt: str, jti: str, now: datetime) -> str:
        """Return a token that is good with proofs of the key `jkt` names; `jti` is random."""
        issued = int(now.timestamp())
        return compact_jws(
            {"typ": _KIND.typ, "kid": self.key_id},
            {
                "iss": self.issuer,
                "aud": self.issuer,
                **holder.to_json(),
                "cnf": {"jkt": jkt},
                "iat": issued,
                "exp": issued + LIFE.seconds,
                "jti": jti,
            },
            self.signer,
        )

    def verify(self, text: str, now: datetime) -> AccessToken:
        """Return a token that is ours and still good; `VerificationError` for any other."""
        token = self._verified(text)
        if not token.expires - LIFE <= now < token.expires:
            raise VerificationError("the token has expired", "get another one")
        return token

    def _read(self, text: str) -> AccessToken:
        jws = parse_jws(text, _KIND)
        if jws.header["kid"] != self.key_id:
            raise VerificationError("the token is not of this broker", "get one here")
        claims = jws.verify(self.signer.public_key)
        if claims.get("iss") != self.issuer or claims.get("aud") != self.issuer:
            raise VerificationError("the token is for another broker", "get one here")
        return AccessToken(
            holder=Holder.parse(claims),
            jkt=text_of(object_of(claims, "cnf"), "jkt"),
            jti=id_of(claims),
            expires=time_of(claims, "exp"),
        )
