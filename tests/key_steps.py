"""A ceremony for tests: seeds that are counted, a clock that is told, a folder for it all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.keys.ceremony import Ceremony, Change
from generator.keys.folder import KeyFolder, PublicState
from generator.keys.signers import NewKey, file_key, open_signer
from passport.base_url import BaseUrl
from passport.signing.keys import KeyId

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
"""Long enough ago that no step of a test is in the future, by which foreign verifiers judge."""
HOST = "https://id.example.com"

Step = Callable[[Ceremony, PublicState], Change]


def seed_of(number: int) -> bytes:
    """Return a seed that stands out wherever it leaks to."""
    return f"canary seed {number:020d}".encode()


@dataclass
class Keys:
    """Keys in a folder, a day older with each step."""

    path: Path
    base_url: str = HOST
    environment: dict[str, str] = field(default_factory=dict)
    now: datetime = START
    made: int = 0

    @property
    def folder(self) -> KeyFolder:
        return KeyFolder(self.path)

    def make(self, _: KeyId) -> NewKey:
        self.made += 1
        return file_key(seed_of(self.made))

    def ceremony(self) -> Ceremony:
        return Ceremony(
            base_url=BaseUrl(self.base_url),
            make=self.make,
            open=lambda key: open_signer(key, self.path, self.environment),
            now=self.now,
        )

    def begin(self) -> PublicState:
        """Make the first keys."""
        return self.write(self.ceremony().begin())

    def step(self, step: Step) -> PublicState:
        """Do one step on what lies in the folder."""
        self.now += timedelta(days=1)
        return self.write(step(self.ceremony(), self.folder.read()))

    def write(self, change: Change) -> PublicState:
        with self.folder.locked():
            self.folder.write(change.public, change.seeds)
        return self.folder.read()
