"""Lots that were read already, by their bytes: two states of a project share most of theirs.

A file of the same name and content says the same of its batteries, so it is read once. One with
problems is read each time, since these are told for each state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from generator.content.batteries import read_lot
from passport.model import Battery
from passport.problems import Findings


@dataclass(frozen=True, slots=True)
class KnownLots:
    """Remembers batteries by file name, digest and which serials are allowed."""

    _read: dict[tuple[str, str, bool], tuple[Battery, ...]] = field(default_factory=dict)

    def read(
        self, path: Path, name: str, findings: Findings, *, allow_any_serial: bool
    ) -> Iterable[Battery]:
        """Return the batteries of a lot, as `read_lot` does."""
        key = name, sha256(path.read_bytes()).hexdigest(), allow_any_serial
        if key not in self._read:
            own = Findings()
            found = tuple(read_lot(path, name, own, allow_any_serial=allow_any_serial))
            findings.extend(own.problems)
            if own.problems:
                return found
            self._read[key] = found
        return self._read[key]
