"""A project with a model, and two mappings for tables of batteries."""

from pathlib import Path

import pytest

from tests.generator.content.importing.plain_rows import PLAIN
from tests.small_project import write, write_model, write_project
from tests.workbooks import MAPPING


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    write(folder, "map.toml", MAPPING)
    write(folder, "plain.toml", PLAIN)
    return folder
