"""`make demo`: what it prints works, the broker may go, and nothing of it is left."""

import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

import httpx
import pytest

ROOT = Path(__file__).parents[1]
SECONDS = 120
"""Within which the sample is built and served."""
LAST_LINE = "serving both until you press Ctrl-C"
PAGES = (
    "/",
    "/01/09506000134352",
    "/01/09506000134352/21/T48L2611-0001",
    "/de/01/09506000134352/21/T48L2611-0001",
    "/dpp/01_09506000134352_21_T48L2611-0001/passport.json",
    "/dpp/01_09506000134352/sealed/xiii-2/1.json",
    "/.well-known/did.json",
)


@dataclass(slots=True)
class Demo:
    """A running demo and what it printed."""

    process: subprocess.Popen[str]
    folder: Path
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Read up to the line after which it serves."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self.lines[-1] == LAST_LINE:
                return
        raise AssertionError("\n".join(self.lines))

    @property
    def commands(self) -> dict[str, str]:
        """The commands for people to try, by what they show."""
        text = "\n".join(self.lines)
        found = re.findall(r"^# (.+)\n((?:  .+\n)+)", text, re.MULTILINE)
        return {shows: command.replace("\\\n", " ").strip() for shows, command in found}

    @property
    def site(self) -> str:
        """Where the site answers."""
        match = re.search(r"(http://127\.0\.0\.1:[0-9]+)/01/", "\n".join(self.lines))
        assert match is not None
        return match[1]

    def tries(self, shows: str) -> tuple[int, str, str]:
        """Run a command as it was printed; return its code, and what it says."""
        words = shlex.split(self.commands[shows])
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def pages(self) -> list[bytes]:
        """What some addresses answer."""
        answers = [httpx.get(f"{self.site}{path}", timeout=20) for path in PAGES]
        assert {answer.status_code for answer in answers} == {200}
        return [answer.content for answer in answers]

    def broker_is_gone(self) -> bool:
        """Wait until nobody listens at the broker's address."""
        [line] = [line for line in self.lines if line.startswith("the broker of")]
        host, _, port = line.rpartition("//")[2].partition(":")
        latest = time.monotonic() + 30
        while time.monotonic() < latest:
            try:
                socket.create_connection((host, int(port)), 5).close()
            except OSError:
                return True
            time.sleep(0.05)
        return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    project = tmp_path_factory.mktemp("demo")
    for name in ("content", "themes"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copyfile(ROOT / "cellfolio.toml", project / "cellfolio.toml")
    kept = project / "kept"
    kept.mkdir()
    words = ["docs/demo.py", "--project", project, "--port", "0", "--broker-port", "0"]
    with subprocess.Popen(
        [sys.executable, "-u", *map(str, words)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(kept)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        too_late = Timer(SECONDS, process.kill)
        too_late.start()
        try:
            found = Demo(process, kept)
            found.read()
            yield found
        finally:
            process.terminate()
            process.wait(30)
            too_late.cancel()


def test_what_it_prints_shows_what_it_says(demo: Demo) -> None:
    for shows, command in demo.commands.items():
        if " unlock " not in command:
            continue
        code, out, err = demo.tries(shows)
        if "refused" in shows:
            assert (code, out) == (3, ""), shows
            assert "releases no key" in err
        else:
            assert code == 0, err
            assert '"verdict": "genuine and current"' in out
    assert sum(" unlock " in command for command in demo.commands.values()) == 6


def test_without_the_broker_every_page_is_as_before_and_ctrl_c_leaves_nothing(demo: Demo) -> None:
    before = demo.pages()
    stop = demo.commands["stop the broker: every page is as before"]
    subprocess.run(shlex.split(stop), check=True)
    assert demo.broker_is_gone()
    assert demo.pages() == before
    code, _, err = demo.tries("a recycler opens points 2 and 4 of a battery")
    assert code == 3
    assert "no broker answers for xiii-2" in err

    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) == 0
    assert list(demo.folder.iterdir()) == []
