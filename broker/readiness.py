"""Whether a broker can release keys now: something can be put on record, and a policy is in force.

DESIGN 7. What can't be written can't be guessed from the disk's free space or the clock's face, so
a real row is written and synced, and the clock is held against the audit log as a release holds it.
"""

from dataclasses import dataclass
from datetime import datetime

from broker.audit import check_clock
from broker.bundle_file import BundleFile
from broker.problems import RequestError
from broker.store import Transaction
from broker.writer import Writer


@dataclass(frozen=True, slots=True)
class Readiness:
    """What hinders releases; nothing does if there is no code."""

    codes: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether keys can be released."""
        return not self.codes


async def readiness(bundle: BundleFile, writer: Writer, now: datetime) -> Readiness:
    """Find out by doing it."""
    codes = []
    try:
        bundle.in_force(now)
    except RequestError as error:
        codes.append(str(error.reason))
    try:
        await writer.write(_probe)
    except RequestError as error:
        codes.append(str(error.reason))
    return Readiness(tuple(codes))


def _probe(transaction: Transaction) -> None:
    check_clock(transaction)
    transaction.run(
        "INSERT INTO probe VALUES (0, 1) ON CONFLICT (only_row) DO UPDATE SET number = number + 1"
    )
