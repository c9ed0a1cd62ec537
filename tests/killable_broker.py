"""A broker that kills itself: `python -m tests.killable_broker CONFIG POINT NUMBER`.

It is the broker, but for its failpoints: the NUMBERth time that it reaches POINT it is gone, as by
`kill -9`. It signs its log after every record, so that kills meet that too.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from broker import housekeeping
from broker.config import Listener, read_settings
from broker.server import serve
from broker.service import open_service

POINTS = ("before-commit", "after-commit", "recorded", "sealed")


class Death:
    """Counts how often a point is reached."""

    def __init__(self, point: str, number: int) -> None:
        self._point = point
        self._left = number

    def __call__(self, name: str) -> None:
        self._left -= name == self._point
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Serve until it happens."""
    config, point, number = sys.argv[1:]
    housekeeping.EVERY_SECONDS = 0.01
    housekeeping.SIGNED_AFTER = timedelta()
    settings = read_settings(Path(config), os.environ)
    service = open_service(settings, os.environ, failpoint=Death(point, int(number)))

    def started(public: Listener, admin: Listener) -> None:
        sys.stdout.write(f"{settings.url} at {public}, admin at {admin}\n")
        sys.stdout.flush()

    asyncio.run(serve(service, started))


if __name__ == "__main__":
    main()
