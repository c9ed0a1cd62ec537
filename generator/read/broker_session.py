"""A conversation with one broker: a token once, then releases, by the network rules of all else.

DESIGN 7, RFC 9449. The broker's nonce goes into each proof; where it asks for another, or the token
has ended, the request is made once more. `BrokerDownError` means that another broker may answer;
any other error is final. What a broker says of a refusal is told in its words, then what to do.
Tokens and proofs stand in no message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from generator.read.callers import Caller, Proven, dpop_proof
from generator.read.https import Answer, Limits, ask
from generator.read.sources import Origins
from passport.base_url import BaseUrl
from passport.encoding.base64url import base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.errors import HostError, JsonError, VerificationError, failing
from passport.sealing.release import LARGEST_ANSWER

_LIMITS = Limits(seconds=30, bytes=LARGEST_ANSWER)
_TOKEN_PATH, _RELEASE_PATH = "/token", "/release"
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_NEEDS_NONCE = "use_dpop_nonce"
_BUSY = (408, 409, 425, 429)
"""Statuses below 500 that say nothing about who asks."""
_LONGEST_TOLD = 300
_LONGEST_NONCE = 256

_REMEDIES = {
    "invalid_client": "have the operator enter the public key that `cellfolio client-request` "
    "prints, or check the id (--client), the status and the dates of your entry",
    "invalid_grant": "ask the issuer of the role credential for a present one, and the operator "
    "whether it trusts that issuer for this role",
    "invalid_dpop_proof": "set this machine's clock, and try again",
}


class BrokerDownError(HostError):
    """A broker can't answer now; another one may."""


@dataclass(slots=True, kw_only=True)
class BrokerSession:
    """One broker, and what it gave so far: its nonce and a token."""

    url: BaseUrl
    origins: Origins
    caller: Caller
    clock: Callable[[], datetime]
    random: Callable[[int], bytes] = field(repr=False)
    _nonce: str = field(default="", repr=False)
    _token: str = field(default="", repr=False)

    def release(self, body: bytes) -> bytes | None:
        """Return the answer to a release, None if every key is refused.

        `BrokerDownError` if another broker may be asked; other errors are final.
        """
        answer = self._release(body)
        if answer.status == 401 and _code(answer) == "invalid_token":
            self._token = ""
            answer = self._release(body)
        if answer.status == 409:
            answer = self._release(body)
        if answer.status == 403 and _code(answer) == "all_refused":
            return None
        self._check(answer)
        return answer.content

    def _release(self, body: bytes) -> Answer:
        self._token = self._token or self._get_token()
        proven = Proven(url=f"{self.url}{_RELEASE_PATH}", nonce="", token=self._token, body=body)
        headers = {"Authorization": f"DPoP {self._token}", "Content-Type": _JSON}
        return self._post(_RELEASE_PATH, lambda: body, headers, proven)

    def _get_token(self) -> str:
        def form() -> bytes:
            return self.caller.form(str(self.url), self.clock(), self._id())

        proven = Proven(url=f"{self.url}{_TOKEN_PATH}", nonce="")
        answer = self._post(_TOKEN_PATH, form, {"Content-Type": _FORM}, proven)
        self._check(answer)
        with failing("token"):
            members = parse_object(answer.content)
            token = text_of(members, "access_token")
            if text_of(members, "token_type") != "DPoP" or not _is_visible(token):
                raise VerificationError(f"{self.url} gives no token of the scheme DPoP")
        return token

    def _post(
        self, path: str, body: Callable[[], bytes], headers: Mapping[str, str], proven: Proven
    ) -> Answer:
        """Post with a fresh proof; once more where the broker asks for another nonce."""
        answer = self._post_once(path, body(), headers, proven)
        if answer.status in (400, 401) and _code(answer) == _NEEDS_NONCE:
            answer = self._post_once(path, body(), headers, proven)
        return answer

    def _post_once(
        self, path: str, body: bytes, headers: Mapping[str, str], proven: Proven
    ) -> Answer:
        now = Proven(url=proven.url, nonce=self._nonce, token=proven.token, body=proven.body)
        proof = dpop_proof(now, self.caller.proving, self.clock(), self._id())
        sent = {**headers, "Accept": _JSON, "DPoP": proof}
        connection = self.origins.connection(self.url)
        try:
            answer = ask(connection, f"{self.url}{path}", path, sent, _LIMITS, body)
        except HostError as error:
            raise BrokerDownError(error.message, "try again later") from error
        nonce = answer.headers.get("dpop-nonce", "")
        if _is_visible(nonce) and len(nonce) <= _LONGEST_NONCE:
            self._nonce = nonce
        return answer

    def _check(self, answer: Answer) -> None:
        """Return if the broker did as asked; `BrokerDownError` or a final error otherwise."""
        if answer.status == 200:
            return
        code, told = _code(answer), _told(answer)
        if code not in _REMEDIES and (answer.status >= 500 or answer.status in _BUSY or not code):
            wait = answer.headers.get("retry-after", "")
            when = f"in {wait} seconds" if wait.isdecimal() and len(wait) < 6 else "later"
            raise BrokerDownError(f"{self.url} answers {answer.status}{told}", f"try again {when}")
        raise HostError(
            f"{self.url} refuses {self.caller.name}{told}",
            _REMEDIES.get(code, "ask the operator of the broker"),
        )

    def _id(self) -> str:
        return base64url(self.random(16))


def _members(answer: Answer) -> JsonObject:
    try:
        return parse_object(answer.content)
    except JsonError:
        return {}


def _code(answer: Answer) -> str:
    """Return the reason in a problem (RFC 9457) or of OAuth (RFC 6749 5.2), "" for neither."""
    members = _members(answer)
    found = members.get("code", members.get("error", ""))
    return found if isinstance(found, str) else ""


def _told(answer: Answer) -> str:
    """Return what a broker says of an error, fit for a terminal."""
    members = _members(answer)
    text = members.get("detail", members.get("error_description", ""))
    if not isinstance(text, str) or not text:
        return ""
    return ": " + "".join(c if c.isprintable() else "?" for c in text[:_LONGEST_TOLD])


def _is_visible(text: str) -> bool:
    """Whether a text is one word of ASCII, so that it can stand in a header."""
    return bool(text) and text.isascii() and all("!" <= character <= "~" for character in text)
