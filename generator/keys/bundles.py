"""Bundles for brokers: who signs them, and which numbers are used up.

DESIGN 5 and 7. `bundles.jsonl` in the folder of keys has a line for each bundle that was signed:
its number, digest and end. It is public, committed and append-only, so that two machines don't
give one number to two bundles. What a bundle says isn't known here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.keys.choose import DEMO
from generator.keys.folder import KeyFolder
from generator.keys.signers import open_signer
from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import only, text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, HostError, VerificationError
from passport.signing.keys import KeyId, Purpose, Signer, demo_signer, refuse_demo_keys

BUNDLES_NAME = "bundles.jsonl"
_MEMBERS = frozenset({"seq", "digest", "validUntil"})


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """One line of the file."""

    seq: int
    digest: str
    valid_until: datetime

    def to_bytes(self) -> bytes:
        """Return the line with its end."""
        end = time_text(self.valid_until)
        members: JsonObject = {"digest": self.digest, "seq": self.seq, "validUntil": end}
        return canonical_json(members) + b"\n"


def bundle_signer_of(
    base_url: BaseUrl, keys: str, project: Path, environment: Mapping[str, str]
) -> Signer:
    """Return who signs bundles; `keys` is what the settings say: `demo`, or a folder.

    `ConfigError` for demo keys at a real base_url, `HostError` when the key isn't at hand.
    """
    if keys == DEMO:
        refuse_demo_keys(base_url)
        return demo_signer(KeyId(Purpose.BUNDLE, 1))
    folder = project / keys
    key = KeyFolder(folder).read().register.active(Purpose.BUNDLE)
    return open_signer(key, folder, environment)


def last_seq(folder: Path) -> int:
    """Return the number of the last bundle, 0 before the first; `ConfigError` for a broken file."""
    path = folder / BUNDLES_NAME
    if not path.exists():
        return 0
    numbers = [_seq(path, n, line) for n, line in enumerate(path.read_bytes().splitlines(), 1)]
    if numbers != sorted(set(numbers)):
        raise ConfigError(f"{path}: the numbers don't rise", "put the file back from Git")
    return numbers[-1] if numbers else 0


def record(folder: Path, bundle: SignedBundle) -> None:
    """Append a bundle, durably; `HostError` when the disk fails."""
    path = folder / BUNDLES_NAME
    try:
        with path.open("ab") as stream:
            stream.write(bundle.to_bytes())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise HostError(f"{path} can't be written: {error}", "mend the cause, and try again") from (
            error
        )


def _seq(path: Path, number: int, line: bytes) -> int:
    try:
        members = parse_object(line)
        only(members, _MEMBERS)
        text_of(members, "digest")
        seq = members.get("seq")
    except VerificationError as error:
        raise ConfigError(
            f"{path}:{number}: {error.message}", "put the file back from Git"
        ) from error
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise ConfigError(f"{path}:{number}: seq is no number", "put the file back from Git")
    return seq
