"""Stores that run for all tests of a session, and a site for each test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.own_site import OwnSite
from tests.s3_servers import BUCKET, S3Server, rclone, seaweedfs

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """SeaweedFS, which keeps the conditions of writes."""
    with seaweedfs(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture(scope="session")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """rclone, which ignores them."""
    with rclone(tmp_path_factory.mktemp("rclone") / "buckets") as server:
        yield server


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first of a file's tests keeps what it built for the others."""
    return tmp_path_factory.mktemp("first") / "kept"


@pytest.fixture
def prefix(weed: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty part of the bucket, this test's own; its credentials are in the environment."""
    for name, value in weed.environment.items():
        monkeypatch.setenv(name, value)
    return f"t{next(_NUMBERS)}"


@pytest.fixture
def site(weed: S3Server, prefix: str, tmp_path: Path, run: CommandLine) -> OwnSite:
    """A built site whose target is there."""
    target = f'url = "s3://{BUCKET}/{prefix}"\nendpoint = "{weed.endpoint}"'
    return OwnSite(tmp_path / "project", run, target)
