"""Refreshing: status lists signed anew at a given time, all else as it was published.

A status list says until when it is fresh; past that, verifiers say "freshness unknown". Renewing
needs the site and the keys, no content. Passports, pages and the DID log stay as they are; the log
gets an entry for each list and one for the manifest that names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from generator.build.artifact import Artifact
from generator.build.closing import Closing, Statuses
from generator.build.log import Ledger
from generator.build.previous import PreviousSite
from generator.build.status_lists import read_status_lists
from generator.keys.issuer import Issuer
from passport.base_url import BaseUrl
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, VerificationError

_DID_LOG = "/.well-known/did.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """A site to be refreshed."""

    previous: PreviousSite
    issuer: Issuer
    time: datetime
    statuses: Statuses

    def artifacts(self) -> Iterator[Artifact]:
        """Yield the whole site: what was listed with the same bytes, lists, manifest and log."""
        base_url = self.statuses.lists.base_url
        ledger = Ledger(self.previous, base_url, self.issuer)
        yield from map(self.previous.artifact, self.previous.files.values())
        assert self.previous.index is not None, "a site without a manifest is not refreshed"
        commit = self.previous.index.get("commit")
        closing = Closing(
            issuer=self.issuer,
            previous=self.previous,
            time=self.time,
            commit=commit if isinstance(commit, str) else "",
        )
        yield from closing.artifacts(self.previous.files, ledger, self.statuses)
        yield from ledger.artifacts()


def prepare_refresh(
    previous: PreviousSite, issuer: Issuer, base_url: BaseUrl, time: datetime, days: int
) -> Refresh:
    """Prepare a refresh at a time; lists are then fresh for `days`.

    Raises `ConfigError` for a time before the site was last signed, since time never runs
    backwards, and for keys that the site doesn't know yet; `VerificationError` for lists that
    aren't the ones that the manifest names.
    """
    if previous.signed and time < previous.signed:
        raise ConfigError(
            f"{time_text(time)} is before {time_text(previous.signed)}, when the site was signed",
            "give that time or a later one: a site's documents never get older",
        )
    if previous.get(_DID_LOG) != issuer.log:
        raise ConfigError(
            "the keys have changed since the site was built",
            "run `cellfolio build`, which publishes the new DID log",
        )
    lists = read_status_lists(previous, issuer, base_url)
    if not lists.published:
        raise VerificationError("the site has no status list", "build it before refreshing it")
    statuses = Statuses(lists=lists, count=len(lists.published), days=days, renewed=True)
    return Refresh(previous=previous, issuer=issuer, time=time, statuses=statuses)
