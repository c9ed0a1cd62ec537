"""Small sites for tests of builds, each at a day of its own."""

from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.restricted_site import SealedSite
from tests.small_site import SmallSite


@pytest.fixture
def small(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> SealedSite:
    """A site with sealed groups; its builds are dated 2027-01-01."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")
    return SealedSite(tmp_path, run)


@pytest.fixture
def project(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site whose builds are dated 2026-11-18."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    return SmallSite(tmp_path / "project", run)
