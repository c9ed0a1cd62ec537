"""Pages are valid HTML, says a validator that is not ours."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.foreign_node import FOLDER, NODE
from tests.sample.conftest import Sample


def findings(pages: Iterable[Path]) -> list[dict[str, object]]:
    """Return what html-validate finds in pages, by `tests/foreign/html.mjs`."""
    names = "".join(f"{page}\n" for page in pages)
    done = subprocess.run(
        [NODE, "html.mjs"], cwd=FOLDER, input=names, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"is `make foreign` done? {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def pages_of(site: Path) -> list[Path]:
    """Every page but those of batteries, and of these the first of each model."""
    batteries: dict[Path, Path] = {}
    others = []
    for page in sorted(site.rglob("*.html")):
        if page.parent.name in ("21", "8004"):
            batteries.setdefault(page.parent, page)
        else:
            others.append(page)
    return [*others, *batteries.values()]


def test_pages_of_every_kind_are_valid(sample: Sample) -> None:
    pages = pages_of(sample.site)
    assert len(pages) > 30
    assert findings(pages) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("</summary>", "", "close-order"),
        ('id="check"', 'id="access"', "no-dup-id"),
        ("<main>", '<main style="color: red">', "no-inline-style"),
        ('alt="', 'data-alt="', "wcag/h37"),
    ],
)
def test_a_broken_page_is_found(
    sample: Sample, tmp_path: Path, old: str, new: str, rule: str
) -> None:
    html = (sample.site / "01/09506000134352.html").read_text(encoding="utf-8")
    assert old in html
    page = tmp_path / "page.html"
    page.write_text(html.replace(old, new), encoding="utf-8")
    assert rule in {finding["rule"] for finding in findings([page])}
