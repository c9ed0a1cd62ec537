"""The one act of a broker: it releases content keys.

Spec: DESIGN 7. `Releases.release` is the whole of it, from the request's bytes to the answer's, in
the order in which things must happen: nothing is decided before it is parsed whole, no key is made
before its record is on the disk, and what is refused costs as much as what is released. Who asks
was verified before (`broker.access_token`, `broker.dpop`).
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_bytes

from broker.access_token import AccessToken
from broker.bundle_file import BundleFile
from broker.denials import KnownDenials
from broker.dpop import Proof
from broker.limits import Limits, RateLimits, quotas_of
from broker.metrics import Metrics
from broker.problems import Reason, RequestError, refusing
from broker.release_record import NO_KEY, Asked, Verdict, item_of, record, record_failure
from broker.store import Failpoint, no_failpoint
from broker.writer import Writer
from passport.access.decision import decide
from passport.encoding.base64url import base64url
from passport.errors import VerificationError
from passport.sealing.group_key import SecretMac
from passport.sealing.hpke import SUITE
from passport.sealing.release import RECIPIENT, ReleaseAnswer, ReleaseRequest, release_info
from passport.sealing.sealed_header import content_key

BEAT_SECONDS = 0.005
"""An answer that refuses something leaves on a beat after its request came, so that how long a
decision took doesn't tell which one it was."""

_NO_KEY = SecretMac(bytes(32))  # for headers whose key isn't held: they cost as much as others


class Releases:
    """Releases keys by the bundle in force, on record in the store behind `writer`."""

    def __init__(
        self,
        bundle: BundleFile,
        writer: Writer,
        *,
        limits: Limits,
        rates: RateLimits,
        metrics: Metrics,
        failpoint: Failpoint = no_failpoint,
    ) -> None:
        self._bundle = bundle
        self._writer = writer
        self._limits = limits
        self._rates = rates
        self._metrics = metrics
        self._failpoint = failpoint
        self._denials = KnownDenials()

    async def release(
        self, body: bytes, token: AccessToken, proof: Proof, *, address: str, now: datetime
    ) -> bytes:
        """Return the answer to a request; `RequestError` if there is nothing to release."""
        started = asyncio.get_running_loop().time()
        request = _parse(body)
        snapshot = self._bundle.in_force(now)
        with refusing(Reason.INVALID_TOKEN):
            subject = token.holder.subject(snapshot.bundle, now)
        self._rates.admit_client(subject.client, subject.organisation)
        asked = Asked(
            id=base64url(token_bytes(16)),
            request=request,
            items=tuple(map(item_of, request.headers)),
            holder=token.holder,
            subject=subject,
            proof=proof,
            snapshot=snapshot,
            quotas=quotas_of(self._limits, subject, address),
        )
        verdicts = tuple(_decide(asked, now))
        verdicts = await self._writer.write(
            partial(record, known=self._denials, asked=asked, verdicts=verdicts)
        )
        # From here on every verdict is on the disk.
        try:
            return self._answer(body, asked, verdicts)
        except RequestError:
            raise
        except Exception:
            await self._writer.write(partial(record_failure, release=asked.id))
            raise
        finally:
            if any(verdict.grant is None for verdict in verdicts):
                await asyncio.sleep(_until_next_beat(started))

    def _answer(self, body: bytes, asked: Asked, verdicts: tuple[Verdict, ...]) -> bytes:
        self._failpoint("recorded")
        held, headers = asked.snapshot.keys, asked.request.headers
        keys = [content_key(header, held.get(header.key, _NO_KEY)) for header in headers]
        grants = tuple(verdict.grant for verdict in verdicts)
        released = [key for key, grant in zip(keys, grants, strict=True) if grant is not None]
        self._metrics.count_keys(released=len(released), refused=len(keys) - len(released))
        if not released:
            raise RequestError(Reason.ALL_REFUSED, "none of these keys is released to you", _ASK)
        bundle = asked.snapshot.bundle.seq
        answer = ReleaseAnswer(id=asked.id, bundle=bundle, grants=grants, sealed=b"")
        info = release_info(body, answer)
        sealed = SUITE.encrypt(b"".join(released), asked.request.recipient.public_key, info)
        self._failpoint("sealed")
        return replace(answer, sealed=sealed).to_bytes()


def _until_next_beat(started: float) -> float:
    passed = asyncio.get_running_loop().time() - started
    return -passed % BEAT_SECONDS


def _parse(body: bytes) -> ReleaseRequest:
    try:
        return ReleaseRequest.parse(body)
    except VerificationError as error:
        is_recipient = error.check.partition("/")[2] == RECIPIENT
        reason = Reason.BAD_EPK if is_recipient else Reason.MALFORMED
        raise RequestError(reason, error.message, error.remedy) from error


def _decide(asked: Asked, now: datetime) -> Iterator[Verdict]:
    policy, request = asked.snapshot.bundle.policy, asked.request
    for item in asked.items:
        decision = decide(policy, asked.subject, item, request.purpose, request.operation, now)
        if item.key in asked.snapshot.keys:
            yield Verdict(decision.why, decision.rule, decision.grant)
        else:
            yield Verdict(NO_KEY)


_ASK = "see the policy for what your role may read, and for which purpose"
