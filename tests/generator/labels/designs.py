"""The sample with one more label design, which a test makes up."""

import json
import shutil
from pathlib import Path

from tests.released_sample import ROOT

NAME = "tried"


def sample_with(folder: Path, **members: object) -> Path:
    """Copy the sample's content into a folder, with this design alone; returns the folder."""
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "cellfolio.toml", folder)
    write_design(folder, **members)
    return folder


def write_design(project: Path, **members: object) -> None:
    """Write it, 66 x 40 mm at 300 dots per inch where members say nothing else."""
    design = {"width": "66 mm", "height": "40 mm", "dpi": 300, **members}
    path = project / "content/labels.yaml"
    path.write_text(json.dumps({"designs": {NAME: design}}), encoding="utf-8")
