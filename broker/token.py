"""`POST /token`: a client, or who holds a role credential, gets an access token for its key.

Spec: RFC 6749 4.4 with `private_key_jwt` (RFC 7523), RFC 8693 for role credentials, RFC 9449 5.
Both need a DPoP proof; the token is good with proofs of that key only. Who may no longer ask, or
was denied, gets none. What the holder may read isn't decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from secrets import token_bytes

from broker.access_token import LIFE, AccessTokens, Holder
from broker.bundle_file import BundleFile
from broker.client_assertion import TYPE, verify_assertion
from broker.denials import KnownDenials
from broker.dpop import Proof
from broker.limits import RateLimits
from broker.problems import Reason, RequestError, refusing
from broker.role_credential import Presented, verify_role
from broker.store import Transaction
from broker.uses import use
from broker.writer import Writer
from passport.access.bundle import Bundle
from passport.access.decision import Subject
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.errors import VerificationError
from passport.quoting import quoted

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 (a type's name)
ROLE_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"
"""`subject_token_type` of a role credential, which is sent as base64url of its JSON."""
STATUS_LIST = "status_list"
"""The parameter that staples the credential's status list, base64url too."""


class GrantType(StrEnum):
    """The ways to a token."""

    CLIENT_CREDENTIALS = "client_credentials"
    TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True)
class _Recognised:
    """Who asks; if by an assertion, its id and when it ends, for it counts once."""

    holder: Holder
    jti: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEndpoint:
    """Grants access tokens by the bundle in force."""

    bundle: BundleFile
    tokens: AccessTokens
    writer: Writer
    rates: RateLimits
    denials: KnownDenials = field(default_factory=KnownDenials)

    async def grant(self, form: Mapping[str, str], proof: Proof, now: datetime) -> JsonObject:
        """Return the answer to a form; `RequestError` for whoever isn't recognised."""
        bundle = self.bundle.in_force(now).bundle
        self._check_target(form)
        recognised = self._recognise(form, bundle, proof, now)
        try:
            subject = recognised.holder.subject(bundle, now)
        except VerificationError as error:
            raise _not_entitled(recognised.holder, now) from error
        self.rates.admit_client(subject.client, subject.organisation)
        await self.writer.write(
            partial(self._use_up, recognised=recognised, subject=subject, proof=proof, now=now)
        )
        token = self.tokens.issue(
            recognised.holder, jkt=proof.jkt, jti=base64url(token_bytes(16)), now=now
        )
        issued = {} if recognised.jti else {"issued_token_type": ACCESS_TOKEN}
        return {"access_token": token, "token_type": "DPoP", "expires_in": LIFE.seconds, **issued}

    def _check_target(self, form: Mapping[str, str]) -> None:
        for name in ("resource", "audience"):
            if form.get(name, self.tokens.issuer) != self.tokens.issuer:
                raise RequestError(
                    Reason.INVALID_TARGET,
                    f"{name} {quoted(form[name])} is not here",
                    f"leave it out, or write {self.tokens.issuer}",
                )

    def _recognise(
        self, form: Mapping[str, str], bundle: Bundle, proof: Proof, now: datetime
    ) -> _Recognised:
        match form.get("grant_type"):
            case None:
                raise RequestError(Reason.MALFORMED, "parameter 'grant_type' is missing")
            case GrantType.CLIENT_CREDENTIALS:
                return self._client(form, bundle, now)
            case GrantType.TOKEN_EXCHANGE:
                return _role(form, bundle, proof, now)
            case other:
                raise RequestError(
                    Reason.UNSUPPORTED_GRANT_TYPE,
                    f"grant_type {quoted(other)} is not known here",
                    f"use {' or '.join(GrantType)}",
                )

    def _client(self, form: Mapping[str, str], bundle: Bundle, now: datetime) -> _Recognised:
        if form.get("client_assertion_type") != TYPE or "client_secret" in form:
            raise RequestError(
                Reason.INVALID_CLIENT,
                "the client says who it is in no way known here",
                f"send client_assertion_type {TYPE} and a client_assertion",
            )
        with refusing(Reason.INVALID_CLIENT):
            assertion = verify_assertion(
                form.get("client_assertion", ""), bundle, issuer=self.tokens.issuer, now=now
            )
        client = assertion.client.id
        if form.get("client_id", client) != client:
            raise RequestError(Reason.INVALID_CLIENT, "client_id and the assertion differ")
        return _Recognised(Holder(client=client), assertion.jti, assertion.until)

    def _use_up(
        self,
        transaction: Transaction,
        recognised: _Recognised,
        subject: Subject,
        proof: Proof,
        now: datetime,
    ) -> None:
        """Take note of proof and assertion; `RequestError` if not new, or who asks is denied."""
        if self.denials.read(transaction).cover(recognised.holder, subject):
            raise _not_entitled(recognised.holder, now)
        if not use(transaction, proof.jkt, proof.jti, proof.until):
            raise RequestError(
                Reason.INVALID_DPOP_PROOF,
                "the proof was used before",
                "make a proof for each request",
            )
        # The prefix keeps clients' names apart from thumbprints.
        signer = f"client {recognised.holder.client}"
        if recognised.until and not use(transaction, signer, recognised.jti, recognised.until):
            raise RequestError(
                Reason.INVALID_CLIENT,
                "the assertion was used before",
                "make an assertion for each request",
            )


def _not_entitled(holder: Holder, now: datetime) -> RequestError:
    """Tell an entry that has ended, a trust that has ended and a denial alike."""
    return RequestError(
        Reason.INVALID_CLIENT,
        f"{holder.client} is not entitled to ask on {now.date()}",
        "ask the operator about your entry: its status, and its dates",
    )


def _role(form: Mapping[str, str], bundle: Bundle, proof: Proof, now: datetime) -> _Recognised:
    """Exchange a role credential (RFC 8693 2.1)."""
    if form.get("subject_token_type") != ROLE_CREDENTIAL:
        raise RequestError(
            Reason.MALFORMED,
            "subject_token_type is none known here",
            f"send a role credential as {ROLE_CREDENTIAL}",
        )
    if form.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN or "actor_token" in form:
        raise RequestError(Reason.MALFORMED, "only an access token for oneself is given here")
    with refusing(Reason.INVALID_GRANT):
        presented = Presented(
            credential=from_base64url(form.get("subject_token", "")),
            status_list=from_base64url(form.get(STATUS_LIST, "")),
        )
        return _Recognised(verify_role(presented, bundle, key=proof.key, now=now))
