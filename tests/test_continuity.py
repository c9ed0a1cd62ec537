"""The rehearsal of docs/continuity.md: an heir with a mirror, an escrow file and stock `age`.

The shell's lines are those of the page. Sealed files are opened by a few lines below, written from
docs/formats.md, which share no code with `passport`.
"""

import base64
import hashlib
import hmac
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from generator.cli import key_ring
from generator.keys.escrow_record import read_escrows
from generator.keys.group_sources import group_keys_of
from passport.base_url import BaseUrl
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.sealed import seal
from passport.sealing.sealed_header import PAYLOAD, Sealing, sealed_path
from tests.cli import CommandLine
from tests.key_steps import HOST
from tests.small_project import write_project
from tests.stock_age import Identity

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/continuity.md").read_text("utf-8")
SHELL = [
    "\n".join(line.strip() for line in block.splitlines())
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
]
MODEL = DppId.parse("01_09506000134352")
GROUPS = (Group.INTEREST_MODEL, Group.AUTHORITY)
PLAINTEXT = b'{"partNumbers":["A-1"]}'


@pytest.fixture
def heir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an authority's folder: a mirror, an escrow file of point 3, an identity."""
    project = write_project(tmp_path / "operator")
    shutil.copytree(ROOT / "content/access", project / "content/access")
    monkeypatch.setattr(key_ring, "this_second", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    folder = tmp_path / "heir"
    folder.mkdir()
    keys = group_keys_of(BaseUrl(HOST), "demo", project, {})
    assert keys is not None
    for group in GROUPS:
        sealing = Sealing(
            passport=MODEL, level=Level.MODEL, group=group, version=1, resource=PAYLOAD
        )
        file = folder / "mirror" / sealed_path(MODEL, group, 1)[1:]
        file.parent.mkdir(parents=True)
        file.write_bytes(seal(PLAINTEXT, sealing, keys.current[group], keys.salt).to_bytes())
    Identity.of_demo_client(folder / "identity.txt", "marktaufsicht-nord")
    return folder


@pytest.fixture
def recorded(
    heir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Return the digest that the operator recorded when it made the heir's file."""
    project = heir.parent / "operator"
    words = ("--group", "xiii-3", "--to", "marktaufsicht-nord", "--by", "Ada Example")
    run = CommandLine(monkeypatch, capsys)
    done = run("--project", project, "keys", "escrow", *words, "--out", heir / "xiii-3.age")
    assert done.code == 0, done.err
    (record,) = read_escrows(project / "keys")
    return record.digest


def shell(text: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", text], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_an_heir_opens_its_group_and_no_other(heir: Path, recorded: str) -> None:
    digest, decrypt = SHELL
    assert shell(digest, heir) == recorded
    shell(decrypt, heir)
    listed = json.loads((heir / "keys.json").read_text())["keys"]
    keys = {each["id"]: unpadded(each["key"]) for each in listed}
    own = heir / "mirror" / sealed_path(MODEL, Group.AUTHORITY, 1)[1:]
    assert opened(own.read_bytes(), keys) == PLAINTEXT
    other = heir / "mirror" / sealed_path(MODEL, Group.INTEREST_MODEL, 1)[1:]
    with pytest.raises(KeyError, match=r"xiii-2/2026a"):
        opened(other.read_bytes(), keys)


@pytest.mark.usefixtures("recorded")
def test_a_stranger_opens_nothing(heir: Path) -> None:
    (heir / "identity.txt").unlink()
    Identity.fresh(heir / "identity.txt")
    with pytest.raises(subprocess.CalledProcessError):
        shell(SHELL[1], heir)
    assert not (heir / "keys.json").exists()


def opened(content: bytes, keys: dict[str, bytes]) -> bytes:
    """Open a payload as docs/formats.md says; `KeyError` names a key that isn't there."""
    header = json.loads(content)
    ciphertext, commitment = unpadded(header.pop("ciphertext")), unpadded(header.pop("commitment"))
    canonical = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    content_key = mac(keys[header["key"]], b"cellfolio/content-key/v1\0" + canonical)
    assert hmac.compare_digest(mac(content_key, b"commit\1"), commitment)
    encryption_key = mac(content_key, b"encrypt\1")
    padded = AESGCM(encryption_key).decrypt(bytes(12), ciphertext, canonical)
    end = 4 + int.from_bytes(padded[:4])
    assert not any(padded[end:])
    return padded[4:end]


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
