"""The files of one model: where each lies, and those that nothing reads.

`content/models/<slug>/` of the project, and the restricted part in its private root if there is
one. Knows names of files, not which members they have.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from generator.content.decoding import decode_text
from generator.content.files import entries, is_read, strange, told_path
from generator.content.private import PrivateFolder
from generator.content.yaml.members import Members, read_members
from passport.errors import ValueFormatError
from passport.problems import Findings, Place
from passport.registry import Group
from passport.values import Text, parse_language

MODEL_FILE = "model"
EVIDENCE_FILE = "evidence"
PUBLIC_FILES = ("carbon", "composition", "circularity", "performance", "due-diligence", "waste")
RESTRICTED_FILES = {"xiii-2": Group.INTEREST_MODEL, "xiii-3": Group.AUTHORITY}
_READ = (".yaml", ".yml", ".md")
_PROSE = re.compile(r"about(?:\.([^.]*))?\.md")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where a model's files lie, and what reading them needs."""

    project: Path
    folder: Path
    language: str
    findings: Findings
    private: PrivateFolder | None = None

    @property
    def slug(self) -> str:
        """The model's name in content and nowhere else."""
        return self.folder.name

    def members(self, stem: str) -> Members | None:
        """Read one YAML file of the model; None when it does not exist or can't be read."""
        path = self._file(stem)
        if path is None:
            return None
        kind, told = f"models/*/{stem}.yaml", told_path(path, self.project)
        return read_members(path, kind, told, self.language, self.findings)

    def unseen(self) -> tuple[Group, ...]:
        """The groups that only the private root can hold, while that is not on this machine."""
        if self.private is None or not self.private.is_away:
            return ()
        return tuple(
            group
            for stem, group in RESTRICTED_FILES.items()
            if self._file(f"restricted/{stem}") is None
        )

    def place(self, stem: str) -> Place:
        """Return the place of a file of the project's own folder, whether or not it exists."""
        return Place(told_path(self.folder / f"{stem}.yaml", self.project))

    def prose(self) -> Text | None:
        """Read `about.md`, in the default language, and `about.de.md` in another."""
        texts: dict[str, str] = {}
        for path in entries(self.folder):
            found = _PROSE.fullmatch(path.name)
            if found and is_read(path):
                file = told_path(path, self.project)
                language = self._language(found[1] or self.language, file)
                text = decode_text(path.read_bytes(), file, self.findings)
                if language and text is not None:
                    texts[language] = text
        pairs = sorted(texts.items(), key=lambda pair: (pair[0] != self.language, pair[0]))
        return Text(tuple(pairs)) if pairs else None

    def note_strange_files(self) -> None:
        """Note files that look like content, and that nothing reads because of their names."""
        public = tuple(f"{stem}.yaml" for stem in (MODEL_FILE, EVIDENCE_FILE, *PUBLIC_FILES))
        prose = tuple(path.name for path in entries(self.folder) if _PROSE.fullmatch(path.name))
        restricted = tuple(f"{stem}.yaml" for stem in RESTRICTED_FILES)
        folders = [self.folder / "restricted"]
        if self.private:
            folders.append(self.private.path / "restricted")
        found = [(path, (*public, *prose)) for path in entries(self.folder)]
        found += [(path, restricted) for folder in folders for path in entries(folder)]
        for path, known in found:
            if path.suffix in _READ and not (path.name in known and is_read(path)):
                strange(path, f"a model has {', '.join(known)} here", self.project, self.findings)

    def _file(self, stem: str) -> Path | None:
        """Return the file, a restricted one from the project or from its private root."""
        name = f"{stem}.yaml"
        paths = [self.folder / name]
        if self.private and stem.startswith("restricted/"):
            paths.append(self.private.path / name)
        found = [path for path in paths if is_read(path)]
        if len(found) > 1:
            self._in_both(found[0])
        return found[0] if found else None

    def _in_both(self, path: Path) -> None:
        place, message = Place(told_path(path, self.project)), "the private root has this file too"
        self.findings.error(place, "$", "in-both-roots", message, "keep one of them")

    def _language(self, text: str, file: str) -> str:
        try:
            return parse_language(text)
        except ValueFormatError as error:
            remedy = "rename the file: about.md, or about.de.md in another language"
            self.findings.error(Place(file), "$", "value-format", error.message, remedy)
            return ""
