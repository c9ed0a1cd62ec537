"""A forge on this machine: a bare repository, clones of it, and the jobs of the GitHub workflow.

A job's `run:` steps are executed as they are written, in a fresh clone, with the variables that
GitHub would set. Actions of others and the installation are left out; `gh` is a stand-in that keeps
comments in a folder, as the forge would.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.committed import COMMITTED

_GH = """\
#!/bin/sh
set -eu
case "$1 $2" in
  "run download") cp "$FORGE/artifact/comment.md" . ;;
  "api repos/"*"/comments")
    case "$*" in
      *--paginate*) ls "$FORGE/comments" ;;
      *body=@body.md*) cp body.md "$FORGE/comments/$(($(ls "$FORGE/comments" | wc -l) + 1))" ;;
    esac ;;
  "api --method") cp body.md "$FORGE/comments/${4##*/}" ;;
  *) echo "gh $*" >&2; exit 9 ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One step that ran."""

    name: str
    code: int
    out: str
    err: str


class Forge:
    """A forge in a folder; `origin` is its repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin = folder / "origin.git"
        for name in ("bin", "comments", "artifact"):
            (folder / name).mkdir(parents=True)
        gh = folder / "bin/gh"
        gh.write_text(_GH)
        gh.chmod(0o755)
        self.git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))

    @property
    def environment(self) -> dict[str, str]:
        """What programs see: our commands first, and no settings of the machine's Git."""
        commands = f"{self.folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**os.environ, **COMMITTED, "PATH": commands, "FORGE": str(self.folder)}

    @property
    def comments(self) -> list[str]:
        """The comments of the pull request."""
        return [path.read_text() for path in sorted((self.folder / "comments").iterdir())]

    def git(self, folder: Path, *words: str) -> str:
        """Run Git and return what it prints."""
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def clone(self, name: str) -> Path:
        """Return a fresh clone."""
        path = self.folder / name
        self.git(self.folder, "clone", "-q", str(self.origin), str(path))
        return path

    def job(self, name: str, clone: Path, event: str, **more: str) -> list[Ran]:
        """Run a job of the clone's workflow up to the step that fails."""
        workflow = yaml.safe_load((clone / ".github/workflows/passports.yml").read_text())
        job = workflow["jobs"][name]
        known = {
            "github.base_ref": "main",
            "github.event_name == 'schedule' && 'refresh' || 'deploy'": (
                "refresh" if event == "schedule" else "deploy"
            ),
            **more,
        }
        ran: list[Ran] = []
        for step in job["steps"]:
            if "run" in step and "pip install" not in step["run"]:
                variables = {**job.get("env", {}), **step.get("env", {})}
                ran.append(self._step(step, variables, known, clone))
                if ran[-1].code:
                    break
        return ran

    def _step(
        self, step: dict[str, str], variables: dict[str, str], known: dict[str, str], clone: Path
    ) -> Ran:
        environment = {
            **self.environment,
            "RUNNER_TEMP": str(self.folder / "artifact"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_RUN_ID": "1",
            **{name: _filled(value, known) for name, value in variables.items()},
        }
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", _filled(step["run"], known)],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(step.get("name", step["run"]), done.returncode, done.stdout, done.stderr)


def _filled(text: str, known: dict[str, str]) -> str:
    """Put values in place of GitHub's expressions; one that isn't known is empty, as there."""
    parts = text.split("${{")
    found = [parts[0]]
    for part in parts[1:]:
        expression, _, rest = part.partition("}}")
        found += [known.get(expression.strip(), ""), rest]
    return "".join(found)
