"""Content keys from brokers: requests of up to 100 headers, the next broker when one is down.

DESIGN 7. Which broker has the keys of a group says the issuer's DID document. Each request has a
fresh X25519 key; what comes back opens only with it, for this very request and answer. A refusal
has no reason, so that it tells nobody what there is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from generator.read.broker_session import BrokerDownError, BrokerSession
from generator.read.content_keys import ContentKey, KeyOrError
from passport.access.rule import Operation, Purpose
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress
from passport.errors import HostError, PassportError, VerificationError, failing
from passport.registry import Group
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import (
    MOST_HEADERS,
    ReleaseAnswer,
    ReleaseRequest,
    release_info,
)
from passport.sealing.sealed_header import SealedHeader

Sessions = Callable[[BaseUrl], BrokerSession]
"""Returns the session with a broker, the same one each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerKeys:
    """Gets content keys of one site's sealed files; `brokers` are those that its issuer names."""

    brokers: tuple[BrokerAddress, ...]
    purpose: Purpose
    session: Sessions
    random: Callable[[int], bytes] = field(repr=False)
    _down: set[BaseUrl] = field(default_factory=set, init=False, repr=False)

    def keys_of(self, headers: Sequence[SealedHeader]) -> tuple[KeyOrError, ...]:
        """Ask for each header; every refusal stands in its place."""
        found: dict[SealedHeader, KeyOrError] = {}
        ordered = sorted(
            set(headers), key=lambda header: (self._of(header.group), str(header.passport))
        )
        for urls, group in groupby(ordered, key=lambda header: self._of(header.group)):
            for batch in batches(tuple(group)):
                found.update(zip(batch, self._ask(urls, batch), strict=True))
        return tuple(found[header] for header in headers)

    def _of(self, group: Group) -> tuple[BaseUrl, ...]:
        return tuple(broker.url for broker in self.brokers if group in broker.groups)

    def _ask(
        self, urls: tuple[BaseUrl, ...], batch: tuple[SealedHeader, ...]
    ) -> tuple[KeyOrError, ...]:
        """Ask one broker after the other, those that were down last."""
        groups = ", ".join(sorted({header.group for header in batch}))
        if not urls:
            return (_no_broker(groups),) * len(batch)
        down = []
        for url in sorted(urls, key=self._down.__contains__):
            try:
                return self._released(url, batch)
            except BrokerDownError as error:
                self._down.add(url)
                down.append(str(error))
            except PassportError as error:
                return (error,) * len(batch)
        return (HostError(f"no broker answers for {groups}", "; ".join(down)),) * len(batch)

    def _released(self, url: BaseUrl, batch: tuple[SealedHeader, ...]) -> tuple[KeyOrError, ...]:
        secret = RecipientSecret(self.random(32))
        request = ReleaseRequest(
            purpose=self.purpose,
            operation=Operation.VIEW,
            recipient=secret.public,
            headers=batch,
        )
        body = request.to_bytes()
        content = self.session(url).release(body)
        if content is None:
            return tuple(self._refusal(url, header) for header in batch)
        with failing(f"answer of {url}"):
            answer = ReleaseAnswer.parse(content)
            if len(answer.grants) != len(batch):
                raise VerificationError(
                    f"it is about {len(answer.grants)} keys, not {len(batch)}",
                    "tell the operator of the broker",
                )
            keys = answer.keys_of(secret.open(answer.sealed, info=release_info(body, answer)))
        return tuple(
            self._refusal(url, header) if key is None else ContentKey(key, grant)
            for header, key, grant in zip(batch, keys, answer.grants, strict=True)
        )

    def _refusal(self, url: BaseUrl, header: SealedHeader) -> HostError:
        return HostError(
            f"{url} releases no key of {header.group} of {header.passport} for {self.purpose}",
            f"it never says why: see at {url}/policy which role may read {header.group} for which "
            "purpose, and ask the operator whether your entry has that role and this product",
        )


def batches(headers: Sequence[SealedHeader]) -> Iterator[tuple[SealedHeader, ...]]:
    """Split headers into requests that brokers take; a hundred always fit into one."""
    for start in range(0, len(headers), MOST_HEADERS):
        yield tuple(headers[start : start + MOST_HEADERS])


def _no_broker(groups: str) -> HostError:
    return HostError(
        f"the issuer names no broker for {groups}",
        "ask the operator who releases it; who has the escrowed key uses `cellfolio open`",
    )
