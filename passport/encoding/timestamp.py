"""Points in time as signed documents spell them: UTC, whole seconds, `2026-11-22T09:30:00Z`.

Spec: the dateTimeStamp of XML Schema 1.1 that W3C credentials, proofs and DID logs use, narrowed
to one spelling. What time it is, nobody here knows.
"""

import re
from datetime import UTC, datetime

from passport.errors import VerificationError
from passport.quoting import quoted

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def time_text(time: datetime) -> str:
    """Return an aware point in time as text; fractions of a second are cut off."""
    return time.astimezone(UTC).strftime(_FORM)


def parse_time(text: str) -> datetime:
    """Read a point in time; `VerificationError` for another spelling or no such day."""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
            return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError as error:
        raise VerificationError(f"{quoted(text)} is no point in time") from error
    raise VerificationError(
        f"{quoted(text)} is no point in time", "write it like 2026-11-22T09:30:00Z"
    )
