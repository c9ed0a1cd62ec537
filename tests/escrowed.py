"""Escrow files of the demo's group keys, one a group, opened by stock `age` for a recipient."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from passport.encoding.base64url import base64url
from passport.sealing.group_key import RESTRICTED_GROUPS
from passport.signing.keys import demo_secret
from tests.restricted_site import key_of
from tests.small_project import write_project
from tests.stock_age import Identity

CONTENT = Path(__file__).parents[1] / "content"
RECIPIENTS = {
    "xiii-2": "hafenkreis",
    "xiii-3": "marktaufsicht-nord",
    "xiii-4": "hafenkreis",
}
"""A client of the sample that the policy entitles to each group."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """What stock `age` made of each group's escrow file."""

    folder: Path

    def __getitem__(self, group: str) -> Path:
        return self.folder / f"{group}.json"

    @property
    def all(self) -> Path:
        """The keys of all groups in one file, as nobody gets them."""
        files = [json.loads(self[group].read_bytes()) for group in RECIPIENTS]
        path = self.folder / "all.json"
        path.write_text(json.dumps({"keys": [key for file in files for key in file["keys"]]}))
        return path


def make_escrow(folder: Path) -> Escrow:
    """Make the files with `cellfolio keys escrow`, and decrypt them with stock `age`."""
    project = write_project(folder / "operator")
    shutil.copytree(CONTENT / "access", project / "content/access")
    for group, client in RECIPIENTS.items():
        words = ("--group", group, "--to", client, "--by", "Ada", "--out", folder / f"{group}.age")
        _cellfolio("--project", project, "keys", "escrow", *words)
        identity = Identity.of_demo_client(folder / f"{client}.txt", client)
        decrypted = identity.opens(folder / f"{group}.age")
        assert decrypted.returncode == 0
        (folder / f"{group}.json").write_bytes(decrypted.stdout)
    return Escrow(folder)


def write_demo_keys(folder: Path) -> Path:
    """Write what all escrow files of the demo hold, as nobody gets it, and return the file."""
    keys = [
        {"id": str(key_of(group).key_id), "key": base64url(demo_secret(f"group/{group}/2026a"))}
        for group in RESTRICTED_GROUPS
    ]
    path = folder / "demo-keys.json"
    path.write_text(json.dumps({"keys": keys}))
    return path


def _cellfolio(*words: object) -> None:
    command = [sys.executable, "-c", "from generator.cli.main import main; main()"]
    subprocess.run([*command, *map(str, words)], check=True, capture_output=True, timeout=60)
