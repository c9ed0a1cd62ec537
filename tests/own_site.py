"""A small project with keys and an address of its own, fit for release, and its deploys."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from generator.build.artifact import url_path_of
from generator.content.config import read_config
from generator.publish.target import open_target, target_settings
from generator.read.site import verify_site
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from tests.cli import CommandLine, Run
from tests.small_project import write, write_lot
from tests.small_site import SmallSite, tree

OWN = "https://id.maker-packs.eu"
EVIDENCE = """\
tests:
  covers: [nominal_voltage, rated_capacity]
  source_system: laboratory
  record: LAB-1
  owner: quality
  updater: test engineer
  rule: The figures are those of the report
  result: passed
  validated_on: 2026-10-01
  trigger: change of cells
  frequency: at each change
"""


class OwnSite(SmallSite):
    """The small site under an address of its own, with keys that only it has."""

    def __init__(self, folder: Path, run: CommandLine, deploy: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, run)
        self.set("https://id.example.com", OWN)
        write(folder, "content/models/rack/evidence.yaml", EVIDENCE)
        self.has_own_keys()
        if deploy:
            self.add_settings(f"[deploy]\n{deploy}\n")
        self.does("build", "--genesis")

    def add_settings(self, text: str) -> None:
        """Write more settings."""
        path = self.folder / "cellfolio.toml"
        path.write_text(path.read_text() + text)

    def grows(self, *serials: str) -> None:
        """Place more batteries on the market, and build."""
        rows = (f"{serial},rack,2026-12-01," for serial in ("A1", "A2", *serials))
        write_lot(self.folder, *rows)
        self.builds()

    def deploys(self, *words: object) -> dict[str, object]:
        """Deploy; it must succeed."""
        return self.does("deploy", *words)

    def deploy_fails(self, *words: object) -> Run:
        """Deploy; it must be refused."""
        done = self.run("--project", self.folder, "deploy", *words)
        assert done.code != 0, done.out
        return done

    @property
    def anchor(self) -> bytes:
        """The last checkpoint published."""
        path = self.folder.parent / "anchor"
        return path.read_bytes() if path.exists() else b""

    @property
    def checkpoint(self) -> bytes:
        """The checkpoint of the site in its folder."""
        return (self.site / "log/1/checkpoint").read_bytes()


def kept_site(kept: Path, here: Path, run: CommandLine, make: Callable[[], object]) -> OwnSite:
    """A site that the first of some tests makes in `here`, and the others copy from `kept`."""
    if not kept.exists():
        make()
        shutil.copytree(here, kept)
    shutil.copytree(kept, here, dirs_exist_ok=True)
    site = OwnSite.__new__(OwnSite)
    site.folder, site.run, site.site = here / "project", run, here / "project/site"
    return site


class Cut:
    """A source whose connection is lost after some files."""

    def __init__(self, folder: Path, after: int) -> None:
        self.source = FolderSource(FolderStore(folder))
        self.left = after

    def get(self, path: str) -> bytes | None:
        """Return a file, or fail."""
        self.left -= 1
        if self.left < 0:
            raise ConnectionError("cut")
        return self.source.get(path)


def is_whole(folder: Path, run: CommandLine) -> None:
    """A copy of the site verifies to its last file."""
    done = run("verify", folder, "--json")
    assert done.code == 0, done.out
    assert json.loads(done.out)["baseUrl"] == OWN


def same_files(first: Path, second: Path) -> bool:
    """Whether two folders hold the same site."""
    return tree(first) == {
        name: content
        for name, content in tree(second).items()
        if not name.startswith(".cellfolio/")
    }


def bucket_is_whole(site: OwnSite, out: Path | None = None) -> None:
    """The site in the bucket verifies to its last file, and is the one in the folder."""
    settings = target_settings(None, read_config(site.folder).deploy)
    source = open_target(settings, site.folder, os.environ).source
    report = verify_site(source, None, datetime.now(UTC), expected=BaseUrl(OWN))
    assert report.is_genuine, report.checks
    for name, content in tree(out or site.site).items():
        if not name.startswith("log/1/tile/"):  # a folder keeps tiles that no checkpoint needs
            assert source.get(url_path_of(name)) == content, name
