"""Lines of values for Git's own diffs: sorted, named, and nothing lost."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.review.flat import flat_text
from tests.cli import CommandLine
from tests.committed import COMMITTED

YAML = """\
# A note
nominal_voltage: 51.2 V
rated_capacity:
  value: 100 Ah
  basis: measured
languages: [en, de]
about: >
  Two words
  and two.
rules:
  - id: second
    actors: repairer
  - id: first
    actors: [recycler, repairer]
steps:
  - {step: 1, action: Open}
  - {step: 2, action: Close}
"""
LINES = """\
about: Two words and two.
languages: [en, de]
nominal_voltage: 51.2 V
rated_capacity.basis: measured
rated_capacity.value: 100 Ah
rules[first].actors: [recycler, repairer]
rules[first].id: first
rules[second].actors: repairer
rules[second].id: second
steps[1].action: Open
steps[1].step: 1
steps[2].action: Close
steps[2].step: 2
"""
TURNED = """\
steps:
  - step: 2
    action: Close
  - step: 1
    action: Open
rules:
  - {id: first, actors: [recycler, repairer]}
  - {id: second, actors: repairer}
rated_capacity: {basis: measured, value: "100 Ah"}
about: Two words and two.
languages:
  - en
  - de
nominal_voltage: 51.2   V
"""


def test_it_is_one_line_a_value() -> None:
    assert flat_text(YAML.encode(), "a.yaml") == LINES


def test_moving_and_reflowing_changes_no_line() -> None:
    assert flat_text(TURNED.encode(), "a.yaml") == LINES


def test_values_of_items_with_one_name_are_told_apart() -> None:
    text = "steps:\n  - {name: a, first: 1, last: 1}\n  - {name: a, first: 2, last: 2}\n"
    turned = text.replace("last: 1", "last: 3").replace("last: 2", "last: 1").replace("3", "2")
    assert flat_text(text.encode(), "a.yaml") != flat_text(turned.encode(), "a.yaml")


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [\n", "", "\ta: 1\n"])
def test_a_file_with_errors_stays_as_it_is(text: str) -> None:
    assert flat_text(text.encode(), "a.yaml") == text


def test_git_shows_values(run: CommandLine, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("init", site)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=site,
            env={**os.environ, **COMMITTED, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    git("init", "-q")
    for words in re.findall(r"(?m)^    ((?:cp|git) .+)$", (site / "README.md").read_text()):
        subprocess.run(["sh", "-c", words], cwd=site, check=True)
    git("add", "-A")
    git("commit", "-q", "-m", "Start")  # its hook runs
    file = site / "content/models/rack-battery-48v/performance.yaml"
    text = file.read_text()
    file.write_text("# Moved\n" + text.replace("nominal_voltage: 51.2 V", "nominal_voltage: 52 V"))
    changed = [
        line for line in git("diff").splitlines() if line[:1] in "+-" and line[1:2] != line[0]
    ]
    assert changed == ["-nominal_voltage: 51.2 V", "+nominal_voltage: 52 V"]
    file.write_text(text.replace("51.2 V", "52 Volt"))
    git("add", "-A")
    with pytest.raises(AssertionError, match="the content must be mended"):
        git("commit", "-q", "-m", "Break it")
