"""Whether a broker can release keys now: something can be put on record, and a policy is in force.

DESIGN 7. What can't be written can't be guessed from the disk's free space or the clock's face, so
a real row is written and synced, and the clock is held against the audit log as a release holds it.
"""

from datetime import datetime

from broker.audit import check_clock
from broker.bundle_file import BundleFile
from broker.problems import RequestError
from broker.store import Transaction
from broker.writer import Writer


async def hindrances(bundle: BundleFile, writer: Writer, now: datetime) -> tuple[str, ...]:
    """Find out by doing it, and return the codes of what hinders releases; none if nothing does."""
    codes = []
    try:
        bundle.in_force(now)
    except RequestError as error:
        codes.append(str(error.reason))
    try:
        await writer.write(_probe)
    except RequestError as error:
        codes.append(str(error.reason))
    return tuple(codes)


def _probe(transaction: Transaction) -> None:
    check_clock(transaction)
    transaction.run(
        "INSERT INTO probe VALUES (0, 1) ON CONFLICT (only_row) DO UPDATE SET number = number + 1"
    )
