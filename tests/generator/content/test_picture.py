"""A model's picture: shown with its words, and refused where a page could not show it."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from generator.cli.build import build
from generator.content.check import check
from tests.small_project import write, write_lot, write_model, write_project

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "project")
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,")
    return folder


def add_picture(project: Path, name: str, content: str, *, publish: bool, said: str = "") -> None:
    write(project, f"content/models/rack/{name}", content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    path = project / "content/models/rack/model.yaml"
    document = (
        f"picture: {said or 'front'}\n"
        f"documents:\n  front:\n    file: {name}\n    sha256: {digest}\n"
        f'    title: {{en: "Rack, seen from <front>"}}\n    languages: [en]\n'
        f"    publish: {str(publish).lower()}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + document, encoding="utf-8")


def test_it_is_shown_with_its_words(project: Path) -> None:
    add_picture(project, "front.svg", SVG, publish=True)
    build(project, project / "site")
    for name in ("01/09506000134352/21/A1.html", "01/09506000134352.html"):
        page = (project / "site" / name).read_text(encoding="utf-8")
        assert 'alt="Rack, seen from &lt;front&gt;"' in page
        path = page.partition('<img class="photo" src="')[2].partition('"')[0]
        assert (project / "site" / path.strip("/")).read_text(encoding="utf-8") == SVG
    german = (project / "site/de/01/09506000134352.html").read_text(encoding="utf-8")
    assert 'alt="Rack, seen from &lt;front&gt;" width="144" height="144" lang="en">' in german


@pytest.mark.parametrize(
    ("name", "content", "publish", "said", "wrong"),
    [
        ("front.svg", SVG, True, "back", "there is no document 'back'"),
        ("front.txt", "words", True, "", "document front is no picture"),
        ("front.svg", SVG, False, "", "document front is not published"),
        ("front.svg", SVG + " " * 30_000, True, "", "document front has 30,"),
    ],
)
def test_what_a_page_can_not_show_is_refused(
    project: Path, name: str, content: str, *, publish: bool, said: str, wrong: str
) -> None:
    add_picture(project, name, content, publish=publish, said=said)
    (found,) = [p for p in check(project, date(2026, 12, 1)).problems if p.path == "$.picture"]
    assert found.message.startswith(wrong)
    assert (found.path, found.place.line is not None) == ("$.picture", True)


def test_it_is_a_use_of_its_document_but_opens_no_restricted_one(project: Path) -> None:
    add_picture(project, "front.svg", SVG, publish=True)
    assert not _rules(project) & {"unused-document", "published-restricted-document"}
    drawing = "disassembly_sequence:\n  - step: 1\n    action: Open it.\n    drawing: front\n"
    write(project, "content/models/rack/restricted/xiii-2.yaml", drawing)
    assert "published-restricted-document" in _rules(project)


def _rules(project: Path) -> set[str]:
    return {problem.rule for problem in check(project, date(2026, 12, 1)).problems}


def test_the_sample_holds_no_warning() -> None:
    assert check(Path(__file__).parents[3], date(2026, 12, 1)).problems == ()
