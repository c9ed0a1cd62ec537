"""Keeps bundle and group keys up to date while the broker serves: looks, loads, tells.

DESIGN 7. They are read anew when their files change, when told to (SIGHUP), and as long as none is
in use. What can't be taken into use is told to the operator; what was in use stays.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field

from broker.bundle_file import BundleFile
from broker.metrics import Metrics
from broker.store import Clock
from broker.writer import Writer
from passport.access.bundle import BundleCheck
from passport.errors import PassportError, VerificationError

EVERY_SECONDS = 2.0
"""How often files are looked at for changes."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BundleWatch:
    """Watches one bundle; set `told` to have it read at once."""

    bundle: BundleFile
    writer: Writer
    metrics: Metrics
    clock: Clock
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self) -> None:
        """Load both; a bundle that isn't in force is waited for, other faults are raised."""
        try:
            await self._load()
        except VerificationError as error:
            if error.check != BundleCheck.VALIDITY:
                raise
            _log.error("nothing is released: %s", error)

    async def keep(self) -> None:
        """Watch until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await self.told.wait()
            if self.told.is_set() or self.bundle.is_due:
                self.told.clear()
                try:
                    await self._load()
                except PassportError as error:
                    self.metrics.reload_failures.inc()
                    _log.error("bundle or keys can't be taken into use: %s", error)

    async def _load(self) -> None:
        bundle = (await self.bundle.load(self.writer, self.clock())).bundle
        self.metrics.bundle_seq.set(bundle.seq)
        self.metrics.bundle_until.set(bundle.valid_until.timestamp())
        _log.info("bundle %s is in use until %s", bundle.seq, bundle.valid_until)
