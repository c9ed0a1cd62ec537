"""The sample as a company would run it: an address of its own, keys that only it has, no demo's."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ORIGIN = "https://id.feldmark-packs.eu"
_CLIENTS_HAVE_DEMO_KEYS = "access"


@dataclass(frozen=True, slots=True)
class ReleasedSample:
    """A built copy of the sample; read it, don't change it."""

    folder: Path

    @property
    def site(self) -> Path:
        """Its site."""
        return self.folder / "site"

    @property
    def at(self) -> tuple[str, str]:
        """How commands are told where the address answers."""
        return "--at", f"{ORIGIN}={self.site}"


def release_sample(folder: Path) -> ReleasedSample:
    """Copy the sample, make keys, build."""
    without = shutil.ignore_patterns(_CLIENTS_HAVE_DEMO_KEYS)
    shutil.copytree(ROOT / "content", folder / "content", ignore=without)
    settings = (ROOT / "cellfolio.toml").read_text("utf-8")
    settings = settings.replace("https://id.example.com", ORIGIN)
    settings = settings.replace("https://keys.example.com", "https://keys.feldmark-packs.eu")
    (folder / "cellfolio.toml").write_text(settings, "utf-8")
    _runs(folder, "keys", "init")
    _runs(folder, "keys", "groups", "init", "--by", "Tester")
    own = settings.replace('keys = "demo"', 'keys = "keys"\nanchor = "../anchor"')
    (folder / "cellfolio.toml").write_text(own, "utf-8")
    _runs(folder, "build", "--genesis")
    return ReleasedSample(folder)


def _runs(folder: Path, *words: str) -> None:
    program = Path(sys.executable).parent / "cellfolio"
    done = subprocess.run(
        [program, "--project", folder, *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
