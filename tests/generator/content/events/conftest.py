"""The project that events are written for."""

from pathlib import Path

import pytest

from tests.eventful_project import eventful_project


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return eventful_project(tmp_path / "site")
