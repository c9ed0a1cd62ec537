"""No private key in Git: neither in this repository, nor in that of a site with real keys."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.keys.group_ceremony import NewSecret, begin
from generator.keys.group_folder import write_change
from generator.keys.register import Source
from generator.keys.toml_table import Act
from passport.sealing.group_key import SecretMac, key_check
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Purpose
from tests.key_steps import START, Keys, seed_of
from tests.private_keys import is_armoured, seeds_in, spellings

ROOT = Path(__file__).parents[3]
GROUP_KEYS = 100
TOLD_IN = ("keys.toml", "did.jsonl", "did.json", "groups.toml")


def tracked(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield what Git tracks, as it lies on disk."""
    listed = subprocess.run(
        ["git", "-C", folder, "ls-files", "-z"], check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = folder / name
        if path.is_file():
            yield path.relative_to(folder), path.read_bytes()


def leaks(folder: Path) -> list[str]:
    """Return the tracked files that are private keys, or hold the seed of a key told there."""
    files = list(tracked(folder))
    told = b"".join(content for path, content in files if path.name in TOLD_IN)
    return [
        path.as_posix()
        for path, content in files
        if (path.suffix == ".key" or "private" in path.parts or is_armoured(content))
        or any(is_told(seed, told) for seed in set(seeds_in(content)))
    ]


def is_told(secret: bytes, told: bytes) -> bool:
    """Tell whether 32 bytes are a signing key, a group key or a salt key of a register."""
    names = (PublicKey.of(secret).multikey, key_check(SecretMac(secret)))
    return any(name.encode() in told for name in names)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose owner made keys, rotated them, and added everything."""
    git(tmp_path, "init")
    keys = Keys(tmp_path / "keys")
    keys.begin()
    keys.step(lambda ceremony, public: ceremony.rotate(public, Purpose.ISSUING))
    numbers = range(GROUP_KEYS, GROUP_KEYS + 4)
    new = (NewSecret(source=Source.FILE, secret=seed_of(number)) for number in numbers)
    change = begin(lambda _: next(new), Act(START, "Ada"))
    with keys.folder.locked():
        write_change(keys.folder, change)
    git(tmp_path, "add", ".")
    return tmp_path


def test_this_repository_tracks_no_private_key() -> None:
    assert leaks(ROOT) == []


def test_a_site_with_keys_of_its_own_tracks_none(project: Path) -> None:
    names = ["keys/did.jsonl", "keys/groups.toml", "keys/keys.toml"]
    assert [path.as_posix() for path, _ in tracked(project)] == names
    assert leaks(project) == []
    for _, content in tracked(project):
        for number in (*range(1, 10), *range(GROUP_KEYS, GROUP_KEYS + 4)):
            assert not [text for text in spellings(seed_of(number)) if text in content]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", f"the key is {seed_of(1).hex()}".encode()),
        (".env", b"CELLFOLIO_KEY_ISSUING_1=" + base64.urlsafe_b64encode(seed_of(1))),
        ("salt.txt", base64.b64encode(seed_of(100))),
        ("keys.json", b'{"key":"' + base64.urlsafe_b64encode(seed_of(103)).rstrip(b"=") + b'"}'),
        ("deploy.pem", b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n"),
        ("keys/spare.key", b"anything"),
    ],
)
def test_a_planted_key_is_found(project: Path, name: str, content: bytes) -> None:
    (project / name).write_bytes(content)
    git(project, "add", "--force", name)
    assert leaks(project) == [name]
