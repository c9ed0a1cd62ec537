"""The private root: a second folder with the project's layout, for what is not for everybody.

`private_root` in `cellfolio.toml` names it. Restricted files and documents of a model may lie
there instead of in the project, so that the public part can be cloned by itself; a machine without
the folder says which groups it does not see. Knows folders and names, not what a file holds.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from passport.problems import Findings, Place

_FOLDERS = ("models", "events")
_OF_A_MODEL = ("restricted", "documents")


@dataclass(frozen=True, slots=True)
class PrivateFolder:
    """A model's folder in the private root; `is_away` where that root is not on this machine."""

    path: Path
    is_away: bool


@dataclass(frozen=True, slots=True)
class PrivateRoot:
    """The private root of a project that names one."""

    project: Path
    folder: Path

    @property
    def is_away(self) -> bool:
        """Whether this machine has only the public part."""
        return not self.folder.is_dir()

    def of_model(self, slug: str) -> PrivateFolder:
        """Return the folder that holds the private part of a model, whether or not it exists."""
        return PrivateFolder(self.folder / "content" / "models" / slug, self.is_away)

    def strange_files(self, slugs: Iterable[str], findings: Findings) -> None:
        """Note what nothing reads there: a misspelt name would otherwise hide a whole group."""
        known = set(slugs)
        content = self.folder / "content"
        for path in _children(content):
            if path.name not in _FOLDERS:
                self._strange(path, f"content/ holds {' and '.join(_FOLDERS)} here", findings)
        for path in _children(content / "models"):
            if path.name not in known:
                remedy = f"the project has no content/models/{path.name}"
                self._strange(path, remedy, findings)
            for part in _children(path):
                if part.name not in _OF_A_MODEL:
                    remedy = f"a model has {' and '.join(_OF_A_MODEL)} here"
                    self._strange(part, remedy, findings)

    def _strange(self, path: Path, what: str, findings: Findings) -> None:
        place = Place(told_path(path, self.project))
        remedy = f"move or rename it: {what}"
        findings.error(place, "$", "strange-file", "nothing reads this", remedy)


def told_path(path: Path, project: Path) -> str:
    """Name a file from the project's folder, also one that lies outside of it."""
    return Path(os.path.relpath(path, project)).as_posix()


def _children(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith("."))
