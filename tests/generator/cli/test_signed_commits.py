"""`cellfolio build --require-signed-commits`."""

import subprocess
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.committed import COMMITTED, commit, git
from tests.own_site import OwnSite
from tests.small_project import write, write_model
from tests.small_site import SmallSite


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: CommandLine) -> SmallSite:
    """A project under Git."""
    for name, value in COMMITTED.items():
        monkeypatch.setenv(name, value)
    project = SmallSite(tmp_path / "project", run)
    write(project.folder, ".gitignore", "/site/\n/keys/private/\n")
    git(project, "init", "-q")
    return project


def signing_key(project: SmallSite, *, is_trusted: bool) -> None:
    """Make an SSH key that Git signs with, and trust it or not."""
    key = project.folder.parent / "signer"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text()
    trusted = write(project.folder.parent, "trusted", f"keeper@maker.example {public}")
    if not is_trusted:
        trusted.write_text("")
    git(project, "config", "gpg.format", "ssh")
    git(project, "config", "user.signingkey", str(key))
    git(project, "config", "gpg.ssh.allowedSignersFile", str(trusted))


def test_a_signed_commit_is_built(project: SmallSite) -> None:
    signing_key(project, is_trusted=True)
    commit(project, "-S")
    project.does("build", "--require-signed-commits")
    project.is_genuine()


@pytest.mark.parametrize("words", [["-S"], []], ids=["by a stranger", "by nobody"])
def test_a_commit_that_nobody_trusted_signed(project: SmallSite, words: list[str]) -> None:
    signing_key(project, is_trusted=False)
    commit(project, *words)
    code, told = project.fails("build", "--require-signed-commits")
    assert code == 2
    assert "has no good signature" in told


def test_changes_that_are_not_committed(project: SmallSite) -> None:
    signing_key(project, is_trusted=True)
    commit(project, "-S")
    write_model(project.folder, "rack", "48.0")
    code, told = project.fails("build", "--require-signed-commits")
    assert code == 2
    assert "the content is no commit" in told


def test_real_passports_of_what_is_no_commit_are_told(
    tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in COMMITTED.items():
        monkeypatch.setenv(name, value)
    own = OwnSite(tmp_path / "project", run)
    told = run("--project", own.folder, "build").err
    assert "the content is no commit, so nobody can build the same site again" in told
    write(own.folder, ".gitignore", "/site/\n")
    git(own, "init", "-q")
    commit(own)
    assert "no commit" not in run("--project", own.folder, "build").err
