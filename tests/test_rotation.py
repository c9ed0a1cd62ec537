"""What was signed stays good: after the signing key was rotated, and after the domain has changed.

Real keys, made and rotated by the command line, in a project under Git. Foreign software has the
last word, and it knows the issuer's published documents only.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.foreign_node import Object, ask
from tests.foreign_python import accepts_document, accepts_log
from tests.small_project import write_lot, write_model, write_project

OLD, NEW = "https://id.example.com", "https://id.example.org"
BATTERY = "dpp/01_09506000134352_21_A1/passport.json"
LATER = "dpp/01_09506000134369_21_B1/passport.json"
COMMITTED = {
    "GIT_AUTHOR_NAME": "Keeper",
    "GIT_AUTHOR_EMAIL": "keeper@maker.example",
    "GIT_COMMITTER_NAME": "Keeper",
    "GIT_COMMITTER_EMAIL": "keeper@maker.example",
}


@dataclass(frozen=True, slots=True)
class Project:
    """A project under Git, and the command line that works on it."""

    folder: Path
    run: CommandLine

    def does(self, *words: object) -> str:
        """Run a command; it must succeed."""
        done = self.run("--project", self.folder, *words)
        assert done.code == 0, done.out + done.err
        return done.out

    def set(self, old: str, new: str) -> None:
        """Change the settings."""
        path = self.folder / "cellfolio.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def moves(self) -> None:
        """Go on at another domain: the keys stay, the log of that host begins anew."""
        self.set(OLD, NEW)
        self.set('anchor = "../anchor"', 'anchor = "../anchor of the new log"')
        self.does("keys", "move")

    def built(self, name: str) -> "Site":
        """Commit, build into a folder, and verify as a stranger would."""
        for words in (["add", "-A"], ["commit", "-q", "-m", name]):
            subprocess.run(["git", *words], cwd=self.folder, check=True, env=os.environ | COMMITTED)
        site = self.folder.parent / name
        self.does("build", "--out", site, *([] if site.exists() else ["--genesis"]))
        report = json.loads(self.does("verify", site, "--json"))
        assert report["verdict"] == "genuine"
        return Site(site)


@dataclass(frozen=True, slots=True)
class Site:
    """A built site."""

    folder: Path

    def json(self, path: str) -> Object:
        """Return a JSON file."""
        return dict(json.loads((self.folder / path).read_bytes()))

    @property
    def issuer(self) -> Object:
        """The issuer's DID document."""
        return self.json(".well-known/did.json")

    @property
    def log(self) -> str:
        """The issuer's DID log."""
        return (self.folder / ".well-known/did.jsonl").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, run: CommandLine) -> Project:
    """A project with keys of its own, one model and one battery."""
    folder = write_project(tmp_path / "project")
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    made = Project(folder, run)
    made.does("keys", "init")
    made.does("keys", "groups", "init", "--by", "Tester")
    made.set('keys = "demo"', 'keys = "keys"\nanchor = "../anchor"')
    return made


def add_a_battery(project: Project) -> None:
    write_model(project.folder, "cabinet", "48.0", number=1)
    write_lot(project.folder, "A1,rack,2026-12-01,", "B1,cabinet,2026-12-01,")


def key_of(passport: Object) -> str:
    return str(passport["proof"]["verificationMethod"]).partition("#")[2]


def test_a_passport_signed_before_a_rotation_stays_good(project: Project, tmp_path: Path) -> None:
    before = project.built("site")
    old_bytes = (before.folder / BATTERY).read_bytes()
    project.does("keys", "rotate", "issuing")
    add_a_battery(project)
    after = project.built("site")

    assert (after.folder / BATTERY).read_bytes() == old_bytes
    old, new = after.json(BATTERY), after.json(LATER)
    assert (key_of(old), key_of(new)) == ("issuing-1", "issuing-2")
    issuer = [after.issuer]
    answers = ask({"document": document, "didDocuments": issuer} for document in (old, new))
    assert [answer["verified"] for answer in answers] == [True, True]
    assert accepts_document(old, issuer)
    assert accepts_document(new, issuer)
    (log,) = ask([{"log": after.log}])
    assert log["verified"]
    assert accepts_log(after.log, log["did"], tmp_path)


def test_a_passport_signed_by_a_revoked_key_is_refused_by_all(project: Project) -> None:
    old = project.built("site").json(BATTERY)
    project.does("keys", "rotate", "issuing")
    project.built("site")
    project.does("keys", "revoke", "issuing-1", "--log-size", "0")
    after = project.built("site")

    (answer,) = ask([{"document": old, "didDocuments": [after.issuer]}])
    assert not answer["verified"]
    assert not accepts_document(old, [after.issuer])
    kept = project.folder.parent / "kept by somebody.json"
    kept.write_text(json.dumps(old), encoding="utf-8")
    done = project.run("verify", kept, "--at", f"{OLD}={after.folder}")
    assert done.code == 4
    assert "issuing-1' was revoked" in done.out + done.err
    assert key_of(after.json(BATTERY)) == "issuing-2"


def test_the_log_proves_that_a_moved_issuer_is_the_same(project: Project, tmp_path: Path) -> None:
    before = project.built("old")
    (old_did,) = before.issuer["alsoKnownAs"]
    project.moves()
    after = project.built("new")

    assert after.log.startswith(before.log)
    (answer,) = ask([{"log": after.log}])
    new_did = answer["did"]
    assert answer["verified"]
    assert new_did.split(":")[2] == old_did.split(":")[2]
    assert accepts_log(after.log, new_did, tmp_path)
    assert {old_did, "did:web:id.example.com"} <= set(after.issuer["alsoKnownAs"])
    # Whoever knows the old name asks the new place, and is answered by the same history.
    copies = ("--at", f"{OLD}={after.folder}", "--at", f"{NEW}={after.folder}")
    for did in (old_did, new_did):
        resolved = json.loads(project.does("resolve", did, *copies))
        assert resolved["didDocument"]["id"] == new_did
    # The key that signed at the old place is the one that the log still names.
    methods = resolved["didDocument"]["verificationMethod"]
    keys = {method["id"].partition("#")[2]: method["publicKeyMultibase"] for method in methods}
    (signing,) = (m for m in before.issuer["verificationMethod"] if m["id"].endswith("#issuing-1"))
    assert keys["issuing-1"] == signing["publicKeyMultibase"]


def test_a_stranger_can_t_take_over_a_moved_log(project: Project) -> None:
    before = project.built("old")
    project.moves()
    stolen = project.built("new").log.replace("id.example.org", "evil.example")

    assert stolen.startswith(before.log)
    (answer,) = ask([{"log": stolen}])
    assert not answer["verified"]
