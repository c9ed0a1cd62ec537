"""The folder of keys on disk: one writer, and never half of a change.

    keys.toml            the register
    did.jsonl            the issuer's DID log
    private/{id}.key     seeds, see `generator.keys.seeds`
    .did.jsonl.new       staged first; with both there, nothing has changed yet
    .keys.toml.new       staged last; alone, the log was changed and the register must follow

The log is renamed first, the register second, so which staged files are left says what a run that
was killed had done: with both, or only the log, it is undone, else finished. Either happens
before anything is read. Seeds are written before either: a seed that no register names signs
nothing.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.keys.register import REGISTER_NAME, Register
from generator.keys.seeds import write_seed
from generator.store.durable import make_durable
from passport.errors import ConfigError, HostError
from passport.signing.keys import KeyId

LOG_NAME = "did.jsonl"


@dataclass(frozen=True, slots=True)
class PublicState:
    """What the public files say: the register, and the DID log in its bytes."""

    register: Register
    log: bytes


class KeyFolder:
    """A project's folder of keys; making one touches nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = (path / LOG_NAME, path / REGISTER_NAME)
        self._staged = (path / f".{LOG_NAME}.new", path / f".{REGISTER_NAME}.new")

    def has_keys(self) -> bool:
        """Whether keys were made here."""
        return any(path.exists() for path in self._files)

    def read(self) -> PublicState:
        """Return what the public files say; `ConfigError` when there are none or they are broken.

        Finishes or undoes what an earlier run left.
        """
        if any(path.exists() for path in self._staged):
            with self.locked():
                pass
        log, register = self._files
        try:
            return PublicState(Register.parse(register.read_text("utf-8")), log.read_bytes())
        except FileNotFoundError as error:
            raise ConfigError(
                f"there is no {error.filename}", "make keys with `cellfolio keys init`"
            ) from None
        except UnicodeDecodeError as error:
            raise ConfigError(f"{register} is not UTF-8", "put it back from Git") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one writer; `HostError` when another has it, or the disk fails."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                _lock(handle, self.path)
                self._recover()
                yield
            finally:
                os.close(handle)
        except OSError as error:
            raise HostError(f"{self.path} can't be changed: {error}", "mend the cause") from error

    def write(self, state: PublicState, seeds: Mapping[KeyId, bytes]) -> None:
        """Change register and log, and keep new seeds; all of it or nothing. Hold the lock."""
        written: list[Path] = []
        try:
            for key_id, seed in seeds.items():
                written.append(write_seed(self.path, key_id, seed))
            self._stage(state)
            make_durable({path.parent for path in written} | {self.path})
        except BaseException:
            self._undo()
            for path in written:
                path.unlink(missing_ok=True)
            raise
        self._rename()

    def _stage(self, state: PublicState) -> None:
        for path, content in zip(
            self._staged, (state.log, str(state.register).encode()), strict=True
        ):
            path.write_bytes(content)
            make_durable([path])

    def _rename(self) -> None:
        for staged, path in zip(self._staged, self._files, strict=True):
            if staged.exists():
                staged.replace(path)
                make_durable([self.path])

    def _undo(self) -> None:
        for staged in reversed(self._staged):
            staged.unlink(missing_ok=True)
            make_durable([self.path])

    def _recover(self) -> None:
        if self._staged[0].exists():
            self._undo()
        else:
            self._rename()


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise HostError(f"another run is changing {folder}", "wait until it has ended") from None
