"""What a screen reader is told: the whole page as a tree, held to a file that was read by a person.

`battery.aria.yaml` is Playwright's snapshot of roles, names and states, every group open. When a
page changes on purpose, read what this test prints, and write it anew:

    python -m tests.browser.test_accessible_tree
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import QUIET_ARGUMENTS, find_chromium
from tests.browser.served_site import BATTERY, build_site, open_all, serving

GOLDEN = Path(__file__).with_name("battery.aria.yaml")
MOMENT = "1795305600"  # 2026-11-22
_DIGESTS = re.compile(r"(?<=/assets/)[0-9a-f]{16}|(?<=Page version\n  - definition: )[0-9a-f]{12}")


def tree_of(page: Page, origin: str) -> str:
    """Return the tree of a battery's page, digests of files left out."""
    page.goto(origin + BATTERY)
    open_all(page)
    return _DIGESTS.sub("…", page.locator("body").aria_snapshot()) + "\n"


def test_the_tree_is_the_one_that_was_reviewed(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MOMENT)
    context = browser.new_context(java_script_enabled=False)
    with serving(build_site(tmp_path)) as origin:
        page = context.new_page()
        found = tree_of(page, origin)
    context.close()
    assert found == GOLDEN.read_text(encoding="utf-8")


def main() -> None:
    """Write the tree anew."""
    os.environ["SOURCE_DATE_EPOCH"] = MOMENT
    program = find_chromium(os.environ)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET_ARGUMENTS))
        with serving(build_site(Path(folder))) as origin:
            page = browser.new_context(java_script_enabled=False).new_page()
            GOLDEN.write_text(tree_of(page, origin), encoding="utf-8")
        browser.close()
    sys.stdout.write(f"{GOLDEN.name} is written\n")


if __name__ == "__main__":
    main()
