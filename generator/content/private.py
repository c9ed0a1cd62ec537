"""The private root: a second folder with the project's layout, for what is not for everybody.

`private_root` in `cellfolio.toml` names it. Restricted files and documents of a model may lie
there instead of in the project, so that the public part can be cloned by itself; a machine without
the folder says which groups it does not see. Knows folders and names, not what a file holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.content.files import entries, strange
from passport.problems import Findings

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
        for path in entries(content):
            if path.name not in _FOLDERS:
                what = f"content/ holds {' and '.join(_FOLDERS)} here"
                strange(path, what, self.project, findings)
        for path in entries(content / "models"):
            if path.name not in known:
                what = f"the project has no content/models/{path.name}"
                strange(path, what, self.project, findings)
            for part in entries(path):
                if part.name not in _OF_A_MODEL:
                    what = f"a model has {' and '.join(_OF_A_MODEL)} here"
                    strange(part, what, self.project, findings)
