"""A small project and the site that it publishes, both worked on through the command line."""

import json
import re
from html import unescape
from pathlib import Path

from passport.status_bits import StatusBits
from tests.cli import CommandLine
from tests.small_project import write, write_lot, write_model, write_project

FOLDER = "dpp/01_09506000134352_21_A1"
PASSPORT = f"{FOLDER}/passport.json"
LIST = "status/1/revocation/0"
SITE = "https://id.example.com"


class SmallSite:
    """A small project, the command line that works on it, and its site."""

    def __init__(self, folder: Path, run: CommandLine) -> None:
        self.folder = folder
        self.run = run
        self.site = folder / "site"
        write_project(folder)
        write_model(folder, "rack", "51.2")
        write_lot(folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")

    def does(self, *words: object) -> dict[str, object]:
        """Run a command with `--json`; it must succeed."""
        done = self.run("--project", self.folder, *words, "--json")
        assert done.code == 0, done.out + done.err
        report: dict[str, object] = json.loads(done.out)
        return report

    def builds(self) -> dict[str, object]:
        """Build; a stranger must find the site genuine."""
        report = self.does("build")
        self.is_genuine()
        return report

    def has_own_keys(self) -> None:
        """Make keys instead of the demo's."""
        for words in (("keys", "init"), ("keys", "groups", "init", "--by", "Tester")):
            done = self.run("--project", self.folder, *words)
            assert done.code == 0, done.err
        self.set('keys = "demo"', 'keys = "keys"\nanchor = "../anchor"')

    def set(self, old: str, new: str) -> None:
        """Change the settings."""
        path = self.folder / "cellfolio.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    @property
    def revoked(self) -> tuple[int, ...]:
        """What the status list says."""
        subject = self.json(LIST)["credentialSubject"]
        assert isinstance(subject, dict)
        return StatusBits.parse(subject["encodedList"]).revoked

    def is_genuine(self) -> None:
        done = self.run("verify", self.site)
        assert done.code == 0, done.out

    def fails(self, *words: object) -> tuple[int, str]:
        """Run a command that must fail and leave the site as it was."""
        before = tree(self.site)
        done = self.run("--project", self.folder, *words)
        assert tree(self.site) == before
        return done.code, done.err

    def fails_saying(self, told: str, *words: object, code: int = 2) -> None:
        """Run a command that must end so, and leave the site as it was."""
        ended, err = self.fails(*words)
        assert (ended, told in err) == (code, True), err

    def withdraws(self, *versions: tuple[str, int]) -> None:
        """Write the file of withdrawals."""
        lines = (
            f'{{"passport": "01_09506000134352_21_{serial}", "version": {version}, '
            '"reason": "wrong-capacity", "withdrawn_on": "2026-11-18"}\n'
            for serial, version in versions
        )
        write(self.folder, "content/withdrawn.jsonl", "".join(lines))

    def json(self, path: str) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.site / path).read_bytes())
        return found

    def second_version(self, passport: str) -> dict[str, object]:
        """What a passport's history says of its second version."""
        versions = self.json(f"dpp/{passport}/versions.json")["versions"]
        assert isinstance(versions, list)
        found: dict[str, object] = versions[1]
        return found

    def verdict(self, path: str) -> tuple[int, str]:
        done = self.run("verify", self.site / path, "--at", f"{SITE}={self.site}", "--json")
        return done.code, json.loads(done.out)["verdict"]


def tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def shown_text(page: Path) -> str:
    """Return what a page shows, without tags and line breaks."""
    without_tags = re.sub("<[^>]*>", " ", page.read_text(encoding="utf-8"))
    return re.sub(r"\s+", " ", unescape(without_tags))
