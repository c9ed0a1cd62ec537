"""What a broker does by itself: it begins its log, signs it, and forgets what has had its day.

DESIGN 7. A checkpoint is due after a minute or a thousand records, whichever comes first; the
anchor follows it. Proofs and quotas of the past are swept. A failure here stops no release: the
log is complete without its next signature, which comes as soon as it can.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.audit import Event, append, tail_of
from broker.audit_checkpoint import Anchor, AuditSigner, last_checkpoint, unsigned_records
from broker.limits import sweep_quotas
from broker.metrics import Metrics
from broker.problems import RequestError
from broker.store import Transaction
from broker.uses import sweep_uses
from broker.writer import Writer

EVERY_SECONDS = 5.0
SIGNED_AFTER = timedelta(seconds=60)
MOST_UNSIGNED = 1000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round found and did."""

    records: int
    unsigned: int
    note: bytes | None


class Housekeeper:
    """Keeps one store; `anchor` is None where no copy of the checkpoint is kept."""

    def __init__(
        self, writer: Writer, signer: AuditSigner, anchor: Anchor | None, metrics: Metrics
    ) -> None:
        self._writer = writer
        self._signer = signer
        self._anchor = anchor
        self._metrics = metrics
        self._signed: datetime | None = None
        self._anchored: bytes | None = None

    async def begin(self) -> None:
        """Hold the store against its anchor and put the start on record; `StoreError`.

        So a store that was cut or replaced by an older one is not served from.
        """
        try:
            await self._writer.write(self._start)
            await self.round()
        except RequestError as error:
            raise (error.__cause__ or error) from None

    async def keep(self) -> None:
        """Go round until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.round()
            except (RequestError, OSError) as error:
                _log.error("the audit log was not signed: %s", error.__cause__ or error)

    async def round(self) -> None:
        """Sweep, and sign if that is due; `RequestError` or `OSError` when it can't be done."""
        found = await self._writer.write(self._tidy)
        self._metrics.audit_size.set(found.records)
        self._metrics.audit_unsigned.set(found.unsigned)
        if self._anchor is not None and found.note is not None and found.note != self._anchored:
            await asyncio.to_thread(self._anchor.advance, found.note)
            self._anchored = found.note

    def _start(self, transaction: Transaction) -> None:
        if self._anchor is not None:
            self._anchor.check(transaction, self._signer)
        append(transaction, Event.START, ({},))

    def _tidy(self, transaction: Transaction) -> Round:
        sweep_uses(transaction)
        sweep_quotas(transaction)
        records, unsigned = tail_of(transaction).size, unsigned_records(transaction)
        now = transaction.time
        is_due = self._signed is None or now - self._signed >= SIGNED_AFTER
        if unsigned and (is_due or unsigned >= MOST_UNSIGNED):
            self._signed, unsigned = now, 0
            return Round(records, unsigned, self._signer.sign(transaction))
        return Round(records, unsigned, last_checkpoint(transaction))
