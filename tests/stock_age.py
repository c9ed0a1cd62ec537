"""The stock `age` program, which knows nothing of us; `make browser` installs it."""

import os
import subprocess
from pathlib import Path

from passport.signing.keys import demo_secret

_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Identity:
    """An X25519 identity in a file, as age-keygen writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def fresh(cls, path: Path) -> "Identity":
        """Make a new one."""
        _run("age-keygen", "-o", path)
        return cls(path)

    @classmethod
    def of_demo_client(cls, path: Path, client: str) -> "Identity":
        """Write the one of a client of the sample: everybody can."""
        path.write_text(f"{bech32('age-secret-key-', demo_secret(f'age/{client}')).upper()}\n")
        return cls(path)

    @property
    def recipient(self) -> str:
        """The line to encrypt to."""
        return _run("age-keygen", "-y", self.path).stdout.decode().strip()

    def opens(self, file: Path) -> subprocess.CompletedProcess[bytes]:
        """Try to open a file; the caller looks at what came of it."""
        command = ["age", "--decrypt", "--identity", str(self.path), str(file)]
        return subprocess.run(command, capture_output=True, check=False, timeout=60, env=_ENV)


_ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C"}


def bech32(prefix: str, data: bytes) -> str:
    """Return bytes as BIP 173 writes them, which is how age writes keys."""
    values = _five_bits(data)
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*expanded, *values, *[0] * 6]) ^ 1
    values += [(check >> 5 * (5 - n)) & 31 for n in range(6)]
    return f"{prefix}1{''.join(_CHARACTERS[value] for value in values)}"


def _five_bits(data: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate(_GENERATOR):
            check ^= term if top >> bit & 1 else 0
    return check


def _run(*command: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, check=True, timeout=60, env=_ENV
    )
