"""Git, asked about a project's folder. Where Git is not installed nothing is known."""

import subprocess
from pathlib import Path


def git(folder: Path, *words: str) -> bytes | None:
    """Return what Git prints; None where it fails or is not installed."""
    done = run_git(folder, *words)
    return done.stdout if done is not None and done.returncode == 0 else None


def git_text(folder: Path, *words: str) -> str:
    """Return what Git prints, without space around it; "" where it says nothing."""
    return (git(folder, *words) or b"").decode("utf-8", "replace").strip()


def run_git(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes] | None":
    """Run Git in a folder; None where it is not installed."""
    try:
        return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
