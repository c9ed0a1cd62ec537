"""Secret keys: a file each in `keys/private/`, or an environment variable.

A signing key's seed, a group key and a salt key are kept alike: 32 bytes, written as base64url
without padding. A file is refused if somebody else could read it, or if Git tracks it: then it is
no secret any more. No message shows a key, or a part of one. What a key may do isn't known here.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.store.git import run_git
from passport.encoding.base64url import base64url, from_base64url
from passport.errors import HostError, VerificationError
from passport.signing.ed25519 import SEED_LENGTH
from passport.signing.keys import KeyId

PRIVATE = "private"
"""The folder of private keys inside that of the public ones."""
KeyName = KeyId | str
"""A key's name for ever, of small letters, digits and hyphens; `str()` of it names its file."""


def seed_path(folder: Path, key_id: KeyName) -> Path:
    """Return where a private key lies; `folder` is the one of the register."""
    return folder / PRIVATE / f"{key_id}.key"


def variable_of(key_id: KeyName) -> str:
    """Return the environment variable of a key: `CELLFOLIO_KEY_ISSUING_1` of `issuing-1`."""
    return f"CELLFOLIO_KEY_{str(key_id).upper().replace('-', '_')}"


def is_at_hand(folder: Path, key_id: KeyName, environment: Mapping[str, str]) -> bool:
    """Tell whether there is something to read a seed from; it isn't read."""
    return variable_of(key_id) in environment or seed_path(folder, key_id).exists()


def seed_from_environment(key_id: KeyName, environment: Mapping[str, str]) -> bytes:
    """Read a seed from its variable; `HostError` when it isn't set or holds none."""
    name = variable_of(key_id)
    if name not in environment:
        raise HostError(f"{name} is not set", f"give it the private key {key_id}, base64url")
    return _parse(environment[name], name)


def seed_from_file(folder: Path, key_id: KeyName) -> bytes:
    """Read a seed from its file; `HostError` unless it is there, the caller's and a secret."""
    path = seed_path(folder, key_id)
    _check_owned(path.parent, key_id)
    _refuse_tracked(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise _missing(path, key_id) from None
    except OSError as error:
        raise HostError(f"{path} can't be read: {error.strerror}", "see docs/keys.md") from error
    with os.fdopen(handle, "rb") as file:
        _check_mode(path, os.fstat(handle), stat.S_ISREG)
        raw = file.read(2 * SEED_LENGTH)
    return _parse(raw.decode("ascii", "replace"), str(path))


def write_seed(folder: Path, key_id: KeyName, seed: bytes) -> Path:
    """Write a seed where none was and return its file; it is durable then.

    `HostError` if a file has that name: a private key is never overwritten.
    """
    path = seed_path(folder, key_id)
    _make_private(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise HostError(
            f"{path} is there already, though no register names it",
            "an interrupted run left it, or the register was put back: keep it elsewhere, and try "
            "again",
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64url(seed).encode() + b"\n")
            file.flush()
            os.fsync(handle)
    except BaseException:
        path.unlink()
        raise
    return path


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_mode(folder, folder.lstat(), stat.S_ISDIR)
    # The folder hides itself, wherever it lies and whatever the project's .gitignore says.
    (folder / ".gitignore").write_text("*\n", encoding="ascii")


def _check_owned(folder: Path, key_id: KeyName) -> None:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        raise _missing(seed_path(folder.parent, key_id), key_id) from None
    _check_mode(folder, found, stat.S_ISDIR)


def _check_mode(path: Path, found: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    if not is_kind(found.st_mode):
        raise HostError(f"{path} is a link or something else that holds no key", "remove it")
    if found.st_uid != os.geteuid():
        raise HostError(f"{path} belongs to somebody else", "take it over with chown")
    if found.st_mode & 0o077:
        raise HostError(
            f"others on this machine may use {path} (mode {stat.S_IMODE(found.st_mode):04o})",
            "run chmod go= on it; if others could have read it, rotate the key",
        )


def _refuse_tracked(path: Path) -> None:
    done = run_git(path.parent, "ls-files", "--error-unmatch", "--", path.name)
    if done is None:
        return  # a machine without Git has no commits to leak into
    said = done.stderr.decode(errors="replace")
    if done.returncode == 0:
        raise HostError(
            f"Git tracks {path}: the key is no secret any more",
            "run `git rm --cached` on it, then rotate and revoke the key; it stays in the history",
        )
    if done.returncode != 1 and "not a git repository" not in said:
        raise HostError(
            f"git can't say whether it tracks {path}: {said.strip()}",
            "mend what it complains about",
        )


def _parse(text: str, place: str) -> bytes:
    """Read a seed's text; what is shown of a wrong one is its place and nothing else."""
    try:
        seed = from_base64url(text.removesuffix("\n").removesuffix("\r"))
    except VerificationError:
        seed = b""  # the codec's error would quote the key
    if len(seed) != SEED_LENGTH:
        raise HostError(
            f"{place} holds no private key",
            "it is 43 characters of base64url in one line, as `cellfolio keys` writes it",
        )
    return seed


def _missing(path: Path, key_id: KeyName) -> HostError:
    return HostError(
        f"there is no private key {key_id}: neither {path} nor {variable_of(key_id)}",
        "bring it back from where it is kept; nothing can make it again",
    )
