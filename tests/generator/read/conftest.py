"""A site that is built once, and a copy of it for each test to damage."""

import shutil
from pathlib import Path

import pytest

from generator.cli.build import build
from tests.small_project import write_lot, write_model, write_project


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of two batteries; not to be changed."""
    project = write_project(tmp_path_factory.mktemp("project"))
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
    out = project / "site"
    build(project, out)
    return out


@pytest.fixture
def site(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the site."""
    return Path(shutil.copytree(pristine, tmp_path / "site"))
