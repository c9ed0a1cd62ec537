"""What works once: a DPoP proof by its key, a client assertion by its client.

Spec: RFC 9449 11.1, RFC 7523 3. Kept in the store, so that a restart forgets nothing; under its
signer, since two may pick the same id; and until it would be refused as too old anyway.
"""

from datetime import datetime

from broker.store import Transaction


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
