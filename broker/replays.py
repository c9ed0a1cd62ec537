"""What may be used once: DPoP proofs and client assertions, by who signed them and their id.

Spec: RFC 9449 11.1, RFC 7523 3. Two clients may pick the same id, so an id counts under its
signer. Durable, so that a restart forgets nothing. Where it is kept is the store's matter.
"""

from datetime import datetime
from typing import Protocol


class Replays(Protocol):
    """Remembers what was used."""

    async def once(self, signer: str, jti: str, until: datetime) -> bool:
        """Tell whether this is the first use, and remember it.

        `until` is from when on it would be refused as too old anyway. Raises `RequestError` when
        nothing can be remembered.
        """
