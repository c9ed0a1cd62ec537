"""Pages of operators: who has one, what it shows, and that it never goes away."""

from pathlib import Path

import pytest

from generator.cli.build import build
from tests.access_project import edit
from tests.small_project import write, write_lot, write_model, write_project
from tests.small_site import shown_text

PAGE = "site/operators/maker.html"
AUTHORISED = "{role: authorised-operator, evidence: letter, valid_from: 2020-01-01}"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    folder = write_project(tmp_path / "project")
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,")
    return folder


def test_it_says_who_the_operator_is_and_lists_its_models(project: Path) -> None:
    build(project, project / "site")
    shown = shown_text(project / PAGE)
    for part in ("Maker GmbH", "DE123456789", "Manufacturer", "post@maker.example", "rack"):
        assert part in shown
    assert '<a href="/01/09506000134352">' in (project / PAGE).read_text(encoding="utf-8")
    assert "Erzeuger" in shown_text(project / "site/de/operators/maker.html")


def test_every_passport_leads_to_it(project: Path) -> None:
    build(project, project / "site")
    for name in ("01/09506000134352.html", "01/09506000134352/21/A1.html", "index.html"):
        assert 'href="/operators/maker"' in (project / "site" / name).read_text(encoding="utf-8")


def test_proof_of_roles_and_those_that_ended_are_not_shown(project: Path) -> None:
    years = "valid_from: 2020-01-01, valid_until: 2021-01-01"
    ended = f"roles:\n  - {{role: importer, evidence: Secret letter, {years}}}\n"
    edit(project, "content/operators/maker.yaml", "roles:\n", ended)
    build(project, project / "site")
    shown = shown_text(project / PAGE)
    assert "Importer" not in shown
    assert "Secret letter" not in shown


def test_who_is_named_nowhere_has_none_and_a_published_one_stays(project: Path) -> None:
    path = project / "content/operators/maker.yaml"
    maker = path.read_text(encoding="utf-8").replace("roles:\n", f"roles:\n  - {AUTHORISED}\n")
    path.write_text(maker, encoding="utf-8")
    other = maker.replace("Maker GmbH", "Other AG").replace("DE123456789", "DE223456789")
    write(project, "content/operators/other.yaml", other)
    build(project, project / "site")
    assert not (project / "site/operators/other.html").exists()
    model = project / "content/models/rack/model.yaml"
    before = model.read_text(encoding="utf-8")
    for text_of_model in (f"{before}operator: other\n", before):
        model.write_text(text_of_model, encoding="utf-8")
        build(project, project / "site")
        assert "Other AG" in shown_text(project / "site/operators/other.html")
