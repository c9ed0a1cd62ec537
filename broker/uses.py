"""What works once: a DPoP proof by its key, a client assertion by its client.

Implements `broker.replays` in the store: on the disk, so that a restart forgets nothing; under its
signer, so that nobody uses up another's; and until it would be refused as too old anyway.
"""

from dataclasses import dataclass
from datetime import datetime

from broker.store import Transaction
from broker.writer import Writer


@dataclass(frozen=True, slots=True)
class StoredReplays:
    """Remembers uses in the store, each in a transaction of its own."""

    writer: Writer

    async def once(self, signer: str, jti: str, until: datetime) -> bool:
        """Tell whether this is the first use, which is on the disk then; `RequestError`."""
        return await self.writer.write(lambda transaction: use(transaction, signer, jti, until))


def use(transaction: Transaction, signer: str, jti: str, until: datetime) -> bool:
    """Take note of a use, and tell whether it is the first."""
    # Rounded up: a name that could still be used must not be swept.
    inserted = transaction.run(
        "INSERT OR IGNORE INTO uses VALUES (?, ?, ?)", signer, jti, int(until.timestamp()) + 1
    )
    return inserted > 0


def sweep_uses(transaction: Transaction) -> None:
    """Forget what is refused as too old by now."""
    transaction.run("DELETE FROM uses WHERE expires < ?", int(transaction.time.timestamp()))
