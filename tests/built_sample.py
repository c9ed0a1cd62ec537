"""The sample site, built from this repository's content once in a run of tests.

The workers of a run (pytest-xdist) have folders of their own in one that they share; the first that
needs the site builds it there, the others wait for it. Who gets it must not change it.
"""

import fcntl
import os
from pathlib import Path

import pytest

from generator.cli.build import build

ROOT = Path(__file__).parents[1]


def built_sample(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    site, unfinished = shared / "sample", shared / "unfinished" / "site"
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            build(ROOT, unfinished)
            unfinished.rename(site)
    return site
