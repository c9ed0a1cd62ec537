"""`cellfolio build --require-signed-commits`."""

import subprocess
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.committed import begin, commit, git
from tests.own_site import OwnSite
from tests.small_project import write, write_model
from tests.small_site import SmallSite


@pytest.fixture
def project(tmp_path: Path, run: CommandLine) -> SmallSite:
    return begin(SmallSite(tmp_path / "project", run))


def signing_key(project: SmallSite, *, is_trusted: bool) -> None:
    """Make an SSH key that Git signs with, and trust it or not."""
    key = project.folder.parent / "signer"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text()
    keeper = f"keeper@maker.example {public}" if is_trusted else ""
    trusted = write(project.folder.parent, "trusted", keeper)
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
    project.fails_saying("has no good signature", "build", "--require-signed-commits")


def test_changes_that_are_not_committed(project: SmallSite) -> None:
    signing_key(project, is_trusted=True)
    commit(project, "-S")
    write_model(project.folder, "rack", "48.0")
    project.fails_saying("the content is no commit", "build", "--require-signed-commits")


def test_real_passports_of_what_is_no_commit_are_told(tmp_path: Path, run: CommandLine) -> None:
    own = OwnSite(tmp_path / "project", run)
    told = run("--project", own.folder, "build").err
    assert "the content is no commit, so nobody can build the same site again" in told
    commit(begin(own))
    assert "no commit" not in run("--project", own.folder, "build").err
