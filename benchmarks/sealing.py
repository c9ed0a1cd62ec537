"""How many payloads a second are sealed and opened, and what a document of 64 MiB takes.

The floor is the cryptography alone: AES-GCM and the four HMACs that a sealed file can't do without.
Memory is that of a process of its own: `python -m benchmarks.sealing seal` prints it, in MB.
"""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.measure import Measure
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from passport.sealing.sealed import open_sealed, seal
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.sealed_header import PAYLOAD, Sealing, content_key, document_resource
from passport.sealing.size_class import LARGEST_DOCUMENT
from passport.signing.keys import demo_secret

PAYLOADS = 2_000
PAYLOAD_BYTES = 2_000
LARGEST_MEGABYTES = 300

_STATUS = Path("/proc/self/status")
_SALT = SecretMac(demo_secret("salt"))
_SECRET = SecretMac(bytes(32))
_NONCE = bytes(12)
_HEADER = bytes(200)


def measures(_folder: Path) -> Iterator[Measure]:
    """Yield the measures; they need no folder."""
    key = _key(Group.INTEREST_BATTERY)
    work = [(_sealing(number), _payload(number)) for number in range(PAYLOADS)]
    files = [seal(payload, sealing, key, _SALT).to_bytes() for sealing, payload in work]
    cipher = AESGCM(bytes(32))
    padded = bytes(4096)
    sealed = cipher.encrypt(_NONCE, padded, _HEADER)
    yield Measure(
        name="seal payloads of 2 KB",
        rows=PAYLOADS,
        target="10,000 a second",
        run=lambda: [seal(payload, sealing, key, _SALT).to_bytes() for sealing, payload in work],
        floor_name="AES-GCM, four HMACs",
        floor=lambda: [_floor(lambda: cipher.encrypt(_NONCE, padded, _HEADER)) for _ in work],
    )
    yield Measure(
        name="open payloads of 2 KB",
        rows=PAYLOADS,
        run=lambda: [_opened(content, key) for content in files],
        floor_name="AES-GCM, three HMACs",
        floor=lambda: [_floor(lambda: cipher.decrypt(_NONCE, sealed, _HEADER), 3) for _ in work],
    )
    document = bytes(LARGEST_DOCUMENT)
    for what, work_once in _DOCUMENT_WORK.items():
        yield Measure(
            name=f"{what} 64 MiB in {peak_megabytes(what)} MB",
            rows=1,
            target=f"{LARGEST_MEGABYTES} MB",
            run=work_once,
            floor_name="AES-GCM",
            floor=lambda: cipher.encrypt(_NONCE, document, _HEADER),
        )


def peak_megabytes(what: str) -> int:
    """Return the most memory that a new process takes to seal or open a document of 64 MiB."""
    command = [sys.executable, "-m", __name__, what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def _floor(crypt: Callable[[], bytes], macs: int = 4) -> None:
    crypt()
    for _ in range(macs):
        _SECRET.mac(_HEADER)


def _key(group: Group) -> GroupKey:
    return GroupKey.of(group, "2026a", SecretMac(demo_secret(f"group/{group}/2026a")))


def _payload(number: int) -> bytes:
    return b'{"note":"%0*d"}' % (PAYLOAD_BYTES - 11, number)


def _sealing(number: int) -> Sealing:
    return Sealing(
        passport=DppId.parse(f"01_09506000134352_21_B48-{number:07d}"),
        level=Level.BATTERY,
        group=Group.INTEREST_BATTERY,
        version=1,
        resource=PAYLOAD,
    )


def _drawing() -> Sealing:
    return Sealing(
        passport=DppId.parse("01_09506000134352"),
        level=Level.MODEL,
        group=Group.INTEREST_MODEL,
        version=0,
        resource=document_resource(1),
    )


def _opened(content: bytes, key: GroupKey) -> bytes:
    file = parse_sealed(content)
    return open_sealed(file, content_key(file.header, key.mac), expected=file.header.sealing)


def _seal_document() -> bytes:
    """Seal a document as a build does: the plaintext stays in memory, bytes and digest are made."""
    # Not zeros, which take no memory until they are written.
    document = b"x" * LARGEST_DOCUMENT
    file = seal(document, _drawing(), _key(Group.INTEREST_MODEL), _SALT)
    content = file.to_bytes()
    return content if file.digest and document else b""


def _open_document() -> bytes:
    return _opened(_seal_document(), _key(Group.INTEREST_MODEL))


_DOCUMENT_WORK: dict[str, Callable[[], bytes]] = {"seal": _seal_document, "open": _open_document}


def _peak() -> int:
    """Return this process's peak memory in MB; Linux's `ru_maxrss` would be the parent's too."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000
    lines = _STATUS.read_text(encoding="utf-8").splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 // 1_000_000


if __name__ == "__main__":
    _DOCUMENT_WORK[sys.argv[1]]()
    print(_peak())
