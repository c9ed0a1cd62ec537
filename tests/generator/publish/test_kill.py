"""A publishing run that is killed leaves the old site, or one that can only become the new one."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.publish.folder import finish, publish, require_finished
from passport.errors import PublishError
from tests.generator.publish import sites
from tests.generator.publish.sites import Contents, contents_after, contents_of, site

PROGRAM = Path(sites.__file__)
ROOT = Path(__file__).parents[3]
OLD, NEW = contents_after("old", {}), contents_after("new", contents_after("old", {}))
STAGED = 2 + 2 * sites.BATTERIES  # files that differ between the editions
STEPS_UNTIL_JOURNAL = STAGED + 1  # each file staged, the whole checked
STEPS = STEPS_UNTIL_JOURNAL + 1 + STAGED + 2  # the journal, each file moved, durable, closed


def start(action: str, out: Path, edition: str, last_step: int = 0) -> subprocess.Popen[str]:
    """Start a run and return once it is about to touch the disk."""
    command = [sys.executable, str(PROGRAM), action, str(out), edition, str(last_step)]
    run = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=-1, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    return run


def killed_at(action: str, out: Path, edition: str, last_step: int) -> None:
    with start(action, out, edition, last_step) as run:
        assert run.wait(60) == -signal.SIGKILL


def killed_after(delay: float, out: Path, edition: str) -> None:
    with start("publish", out, edition) as run:
        time.sleep(delay)
        run.kill()


def recover(out: Path, old: Contents, new: Contents) -> str:
    """Do what the next command does, check what it finds and leaves, and say which case it was."""
    if finish(out) or contents_of(out) == new:
        outcome = "new"
    else:
        outcome = "old"
        assert contents_of(out) == old
        publish(site("new"), out)
    assert contents_of(out) == new
    require_finished(out)
    assert publish(site("new"), out).written == 0
    return outcome


def refuse_all_but_finishing(out: Path) -> None:
    with pytest.raises(PublishError, match="half written"):
        require_finished(out)
    with pytest.raises(PublishError, match="half written"):
        publish(site("new"), out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    publish(site("old"), tmp_path / "site")
    return tmp_path / "site"


def test_the_steps_are_as_many_as_these_tests_think(out: Path) -> None:
    steps: list[str] = []
    publish(site("new"), out, after_step=steps.append)
    assert len(steps) == STEPS
    assert steps[STEPS_UNTIL_JOURNAL] == "journal"


@pytest.mark.parametrize("step", sorted(random.Random(13).sample(range(1, STEPS_UNTIL_JOURNAL), 7)))
def test_killed_before_the_journal_the_old_site_is_untouched(out: Path, step: int) -> None:
    killed_at("publish", out, "new", step)
    assert contents_of(out) == OLD
    require_finished(out)
    assert recover(out, OLD, NEW) == "old"


@pytest.mark.parametrize(
    "step", sorted(random.Random(77).sample(range(STEPS_UNTIL_JOURNAL + 1, STEPS), 7))
)
def test_killed_after_the_journal_the_next_command_finishes_the_same_bytes(
    out: Path, step: int
) -> None:
    killed_at("publish", out, "new", step)
    refuse_all_but_finishing(out)
    assert recover(out, OLD, NEW) == "new"


def test_killed_after_the_last_step_nothing_is_left_to_do(out: Path) -> None:
    killed_at("publish", out, "new", STEPS)
    assert recover(out, OLD, NEW) == "new"


@pytest.mark.parametrize("part", [0.0, 0.1, 0.25, 0.5, 0.75, 0.9])
def test_killed_at_any_moment_it_is_one_or_the_other(
    out: Path, part: float, tmp_path: Path
) -> None:
    publish(site("old"), tmp_path / "twin")
    began = time.monotonic()
    publish(site("new"), tmp_path / "twin")
    killed_after(part * (time.monotonic() - began), out, "new")
    assert recover(out, OLD, NEW) in {"old", "new"}


@pytest.mark.parametrize("step", [1, STAGED // 2, STAGED, STAGED + 1])
def test_finishing_may_be_killed_too(out: Path, step: int) -> None:
    killed_at("publish", out, "new", STEPS_UNTIL_JOURNAL + 3)
    killed_at("finish", out, "new", step)
    refuse_all_but_finishing(out)
    assert recover(out, OLD, NEW) == "new"


def test_a_first_site_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    out, new = tmp_path / "sites" / "first", contents_after("new", {})
    killed_at("publish", out, "new", 3)
    assert not out.exists()
    killed_at("publish", out, "new", STAGED + 8)
    assert contents_of(out) != new
    refuse_all_but_finishing(out)
    assert recover(out, {}, new) == "new"
