"""`make lighthouse`: the sample's pages as a slow phone gets them, judged by Lighthouse.

Its phone profile (150 ms, 1.6 Mbit/s, a processor four times slower, all simulated), median of
three runs. Accessibility and best practices must be 100 and performance 95 or better, or the exit
code is 1. First paint at 400 kbit/s and 400 ms is measured in the same browser and reported.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.cli.build import build
from tests.browser.chromium import QUIET_ARGUMENTS, find_chromium
from tests.browser.first_visit import SLOW_KBIT, SLOW_MS, visit
from tests.browser.served_site import serving
from tests.foreign_node import NODE, install

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
ROUNDS = 3
TRIES = 3
LEAST = {"accessibility": 100, "best-practices": 100, "performance": 95}
FIRST_PAINT = 1.0
PAGES = (
    "/01/09506000134352/21/T48L2611-0001",
    "/de/01/09506000134406/21/V63-2611-00871",
    "/01/09506000134352",
    "/operators/feldmark",
    "/",
)


def scores(url: str, browser: Path) -> dict[str, int]:
    """Return what Lighthouse gives a page in one run, by category."""
    flags = ["--headless=new", *QUIET_ARGUMENTS]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium has none for root
    words = [
        *(str(NODE), str(PROGRAM), url, "--quiet", "--output=json"),
        *(f"--only-categories={','.join(LEAST)}", f"--chrome-flags={' '.join(flags)}"),
    ]
    found = json.loads(_said(words, {**os.environ, "CHROME_PATH": str(browser)}))["categories"]
    return {name: round(100 * found[name]["score"]) for name in LEAST}


def _said(words: list[str], environment: dict[str, str]) -> str:
    """Run Lighthouse; now and then it loses its browser's trace and asks to be run again."""
    for _ in range(TRIES):
        done = subprocess.run(
            words, capture_output=True, text=True, env=environment, timeout=180, check=False
        )
        if done.returncode == 0:
            return done.stdout
    raise SystemExit(f"Lighthouse failed: {done.stderr}")


def medians(url: str, browser: Path) -> dict[str, int]:
    """Return the median of each score."""
    rounds = [scores(url, browser) for _ in range(ROUNDS)]
    return {name: round(statistics.median(each[name] for each in rounds)) for name in LEAST}


def judged(origin: str, browser: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Judge page by page; prints each as soon as it is there."""
    for path in PAGES:
        found = medians(origin + path, browser)
        sys.stdout.write(f"{path}: {', '.join(f'{name} {n}' for name, n in found.items())}\n")
        sys.stdout.flush()
        yield path, found


def paints(origin: str, browser: Path) -> None:
    """Print how soon something is painted on a slow connection."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET_ARGUMENTS))
        for path in PAGES[:2]:
            rounds = [visit(chromium, origin + path, slow=True) for _ in range(ROUNDS)]
            seconds = statistics.median(each.first_paint for each in rounds)
            sys.stdout.write(
                f"{path}: first paint after {seconds:.2f} s at {SLOW_KBIT} kbit/s and {SLOW_MS} ms"
                f" (target {FIRST_PAINT:.0f} s); a first visit takes {rounds[0].total} bytes\n"
            )
        chromium.close()


def main() -> int:
    """Judge all pages; 1 where one has less than it must."""
    install(HERE)
    browser = find_chromium(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT, Path(folder) / "site")
        with serving(Path(folder) / "site") as origin:
            low = [
                path
                for path, found in judged(origin, browser)
                if any(found[name] < least for name, least in LEAST.items())
            ]
            paints(origin, browser)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
