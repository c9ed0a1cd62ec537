"""Commits of a small project, whatever the machine's Git is set to."""

import os
import subprocess

from tests.small_project import write
from tests.small_site import SmallSite

COMMITTED = {
    "GIT_AUTHOR_NAME": "Keeper",
    "GIT_AUTHOR_EMAIL": "keeper@maker.example",
    "GIT_COMMITTER_NAME": "Keeper",
    "GIT_COMMITTER_EMAIL": "keeper@maker.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def begin(project: SmallSite) -> SmallSite:
    """Put the project under Git; nothing is committed yet."""
    write(project.folder, ".gitignore", "/site/\n/keys/private/\n")
    git(project, "init", "-q")
    return project


def git(project: SmallSite, *words: str) -> None:
    """Run Git in the project."""
    subprocess.run(["git", *words], cwd=project.folder, check=True, env=os.environ | COMMITTED)


def commit(project: SmallSite, *words: str) -> None:
    """Commit everything."""
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Change", *words)
