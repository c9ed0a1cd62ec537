"""Which Chromium the browser tests drive, and what to do when there is none.

Run as `python -m tests.browser.chromium` it prints the browser's path, or the remedies and exits 1:
that is how `tests/install_system.sh` knows whether to install one. It starts no browser itself.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

VARIABLE = "CELLFOLIO_BROWSER"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge",
    "chromium-headless-shell",
)
QUIET_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
REMEDY = (
    "no Chromium found: run `python -m playwright install --with-deps chromium`,"
    " or on Debian `apt-get install chromium fonts-dejavu-core`;"
    f" or name the program of an installed one in {VARIABLE}"
)


class BrowserMissingError(Exception):
    """No usable Chromium on this machine; the message holds every remedy."""


def playwright_build() -> Path:
    """Return where Playwright's own build of Chromium lies once it is installed."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def find_chromium(
    environment: Mapping[str, str],
    own_build: Callable[[], Path] = playwright_build,
    which: Callable[[str], str | None] = shutil.which,
) -> Path:
    """Return the program to start: the named one, else Playwright's own, else the first on PATH.

    Raise `BrowserMissingError` when there is none, or when the named one does not exist.
    """
    if named := environment.get(VARIABLE):
        if Path(named).is_file():
            return Path(named)
        raise BrowserMissingError(f"{VARIABLE} names {named}, which is no file; {REMEDY}")
    own = own_build()
    if own.is_file():
        return own
    for name in NAMES:
        if found := which(name):
            return Path(found)
    raise BrowserMissingError(REMEDY)


def main() -> int:
    """Print the browser's path, or the remedies and return 1."""
    try:
        sys.stdout.write(f"{find_chromium(os.environ)}\n")
    except BrowserMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
