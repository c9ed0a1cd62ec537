"""A committed project with something of everything that a review can tell of, and its site."""

import json
import os
import subprocess
from pathlib import Path

from tests.access_project import POLICY, edit, write_client
from tests.cli import CommandLine
from tests.committed import COMMITTED
from tests.own_site import EVIDENCE
from tests.restricted_site import SealedSite
from tests.small_project import write

PERFORMANCE = "content/models/rack/performance.yaml"
LOT = "content/batteries/lot.csv"
_TEMPLATE = Path(__file__).parents[1] / "generator/cli/template"
_ABOUT = "# About\n\nA battery for telecom sites.\nIt is heavy.\n"


class ReviewedProject(SealedSite):
    """A committed project: point 2, a drawing, evidence, a policy, two clients, prose, a theme."""

    def __init__(self, folder: Path, run: CommandLine) -> None:
        super().__init__(folder, run)
        write(folder, POLICY, (_TEMPLATE / POLICY).read_text("utf-8"))
        write_client(folder, "recycler", "actors: recycler")
        write(folder, "content/models/rack/evidence.yaml", EVIDENCE)
        write(folder, "content/models/rack/about.md", _ABOUT)
        write(folder, "themes/plain/site.css", "body { color: black }\n")
        write(folder, ".gitignore", "/site/\n/keys/private/\n")
        self.git("init", "-q", "-b", "main")
        self.commit("Start")

    def git(self, *words: str) -> str:
        """Run Git in the project and return what it prints."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | COMMITTED,
        )
        return done.stdout

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def edits(self, name: str, old: str, new: str) -> None:
        """Replace a text that a file has."""
        edit(self.folder, name, old, new)

    def tells(self, *events: dict[str, object], battery: str = "01_09506000134352_21_A1") -> None:
        """Append events to the project's file."""
        path = self.folder / "content/events/2026.jsonl"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for event in events:
                file.write(json.dumps({"battery": battery, **event}) + "\n")

    def diff(self, *words: object) -> list[str]:
        """Return the lines of changes that `cellfolio diff` prints."""
        return [line.strip() for line in self.text(*words).splitlines() if line.startswith("  ")]

    def text(self, *words: object) -> str:
        """Return all that `cellfolio diff` prints."""
        done = self.run("--project", self.folder, "diff", *words)
        assert done.code == 0, done.err
        return done.out

    def counts(self) -> tuple[int, int, int]:
        """How many passports are new, renewed and cease, as `cellfolio diff` says."""
        found = json.loads(self.text("--json"))
        return found["new"], found["renewed"], found["ceased"]
