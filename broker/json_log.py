"""The broker's own log: one JSON object a line on stderr, without secrets.

A line has a time, a level, the module and a message of ours. Of an exception only its type and
place are told: what it says might quote a token, a key or a body. Whoever writes a message passes
no such thing; a test plants canaries and looks for them.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC)
        members = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "module": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            places = traceback.extract_tb(record.exc_info[2])
            members["error"] = record.exc_info[0].__name__
            members["at"] = " > ".join(f"{each.name}:{each.lineno}" for each in places)
        return json.dumps(members, ensure_ascii=False)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send everything that this process logs to stderr, a line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
