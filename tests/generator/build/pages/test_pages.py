"""Pages as files: what they weigh, what is made once, what they keep and what they never show."""

import gzip
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from markupsafe import Markup

from generator.build.pages.theme import Templates
from generator.cli.build import build
from passport.errors import ConfigError
from tests.access_project import edit
from tests.small_project import write, write_lot, write_model, write_project

ROOT = Path(__file__).parents[4]
BATTERY = "01/09506000134352/21/A1.html"
MODEL = "01/09506000134352.html"
MAKER = "content/operators/maker.yaml"
RACK = "content/models/rack/model.yaml"
AUTHORISED = "{role: authorised-operator, evidence: letter of 2026, valid_from: 2026-01-01}"
LIMIT = 14_000
"""Bytes that arrive with the first answer of a host, before it waits for the phone to confirm."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "project")
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "A3,rack,2026-12-02,")
    return folder


def built(project: Path, page: str) -> str:
    build(project, project / "site")
    return (project / "site" / page).read_text(encoding="utf-8")


def test_the_sample_is_light(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copy(ROOT / "cellfolio.toml", tmp_path)
    build(tmp_path, tmp_path / "site")
    pages = list((tmp_path / "site").rglob("*.html"))
    weights = {page: len(gzip.compress(page.read_bytes())) for page in pages}
    assert {page: weight for page, weight in weights.items() if weight > LIMIT} == {}
    assert len(weights) > 20
    (style,) = (tmp_path / "site").glob("assets/*/site.css")
    assert len(gzip.compress(style.read_bytes())) <= 6_000


def test_what_batteries_share_is_rendered_once_a_day_of_placing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Counter[str] = Counter()
    render = Templates.render

    def counting(self: Templates, name: str, values: Mapping[str, object]) -> Markup:
        made[name] += 1
        return render(self, name, values)

    monkeypatch.setattr(Templates, "render", counting)
    build(project, project / "site")
    # Two languages for the model; one for three batteries, placed on the market on two days.
    assert made["model.html"] == 2
    assert made["battery.html"] == 3
    assert made["parts/facts.html"] == 2 + 2


def test_a_page_is_dated_as_its_passport_and_so_stays_as_it_is(project: Path) -> None:
    first = built(project, BATTERY)
    write(project, "content/models/rack/waste.yaml", "safe_handling: {en: Two persons carry it.}\n")
    assert built(project, BATTERY) != first
    kept = built(project, BATTERY)
    assert built(project, BATTERY) == kept


def test_battery_rows_differ_and_the_rest_does_not(project: Path) -> None:
    first = built(project, BATTERY)
    second = (project / "site" / BATTERY.replace("A1", "A2")).read_text(encoding="utf-8")
    cut = '<div class="body">'
    assert first != second
    swapped = first.split(cut)[1].replace("A1", "A2")
    assert swapped.split("<footer>")[0] == second.split(cut)[1].split("<footer>")[0]


def test_content_can_not_write_html(project: Path) -> None:
    edit(project, RACK, "name: rack", 'name: <i>rack</i> & "co"')
    page = built(project, BATTERY)
    assert "<i>rack" not in page
    assert "&lt;i&gt;rack&lt;/i&gt; &amp; &#34;co&#34;" in page


def test_a_text_that_no_catalogue_has_is_plain_in_an_attribute(project: Path) -> None:
    settings = project / "cellfolio.toml"
    text = settings.read_text(encoding="utf-8").replace('["en", "de"]', '["en", "nb"]')
    settings.write_text(text, encoding="utf-8")
    page = built(project, f"nb/{MODEL}")
    assert '<span lang="en">Model</span>' in page
    assert '<nav aria-label="Languages" class="switch"' in page
    assert '="<' not in page


def test_a_model_of_two_plants_leaves_plants_values_to_its_batteries(project: Path) -> None:
    south = "  south: {name: South works, city: Ulm, country: DE}\n"
    edit(project, MAKER, "plants:\n", f"plants:\n{south}")
    edit(project, RACK, "[north]", "[north, south]")
    page = built(project, MODEL)
    assert "it differs from plant to plant" in page
    assert "je nach Werk verschieden" in (project / f"site/de/{MODEL}").read_text(encoding="utf-8")


def test_a_model_has_no_section_about_the_state_of_one_battery(project: Path) -> None:
    assert 'id="condition"' not in built(project, MODEL)
    assert 'id="condition"' in built(project, BATTERY)


def test_serial_numbers_are_kept_from_search_engines(project: Path) -> None:
    assert '<meta name="robots" content="noindex">' in built(project, BATTERY)
    assert "noindex" not in built(project, MODEL)


def test_the_issuer_issues_and_another_operator_stands_beside_it(project: Path) -> None:
    assert "issued by Maker GmbH on " in built(project, BATTERY)
    other = (project / MAKER).read_text(encoding="utf-8").replace("Maker GmbH", "Seller AG")
    write(project, "content/operators/seller.yaml", other.replace("DE123456789", "DE223456789"))
    edit(project, RACK, "manufacturer: maker\n", "manufacturer: maker\noperator: seller\n")
    edit(project, MAKER, "roles:\n", f"roles:\n  - {AUTHORISED}\n")
    for page in (BATTERY, MODEL):
        assert "issued by Maker GmbH for Seller AG on " in built(project, page)
        assert '<dd><a href="/operators/seller">Seller AG</a> ' in built(project, page)
    german = (project / f"site/de/{MODEL}").read_text(encoding="utf-8")
    assert "ausgestellt von Maker GmbH für Seller AG am " in german


def test_the_page_for_unknown_addresses_helps_in_every_language(project: Path) -> None:
    page = built(project, "404.html")
    assert "The label is damaged" in page
    assert '<section lang="de">' in page
    assert "Das Etikett ist beschädigt" in page
    assert "mailto:post@maker.example" in page


def test_a_project_overrides_one_file_of_the_theme(project: Path) -> None:
    before = built(project, BATTERY)
    edit(project, "cellfolio.toml", 'keys = "demo"', 'keys = "demo"\ntheme = "own"')
    safety = "<p>{{ agents or 'Ask the fire brigade.' }}</p>\n"
    write(project, "themes/own/templates/parts/safety.html", safety)
    page = built(project, BATTERY)
    assert "<p>Ask the fire brigade.</p>" in page
    assert "Rated capacity" in page
    version = "Page version</dt><dd>"
    assert page.split(version)[1][:12] != before.split(version)[1][:12]


def test_a_project_overrides_one_block_of_a_template(project: Path) -> None:
    block = '{% extends "default/home.html" %}{% block foot %}<p>Own foot</p>{% endblock %}\n'
    write(project, "themes/default/templates/home.html", block)
    page = built(project, "index.html")
    assert "<p>Own foot</p>" in page
    assert "Published by" not in page
    assert "A battery in front of you" in page


def test_a_project_has_its_own_colours_and_logo(project: Path) -> None:
    write(project, "themes/default/tokens.toml", '[light]\naccent = "#7a1f3d"\n')
    write(project, "themes/default/static/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = built(project, "index.html")
    (style,) = (project / "site/assets").glob("*/site.css")
    assert "--accent:#7a1f3d;" in style.read_text(encoding="utf-8")
    (logo,) = (project / "site/assets").glob("*/logo.svg")
    assert f'<img class="logo" src="/assets/{logo.parent.name}/logo.svg" alt="">' in page


@pytest.mark.parametrize("broken", ["{{ agents }", "{{ agent }}", "{% include 'gone.html' %}"])
def test_a_broken_template_is_told_by_name(project: Path, broken: str) -> None:
    write(project, "themes/default/templates/parts/safety.html", broken)
    with pytest.raises(ConfigError, match=r"parts/safety\.html can't be rendered, .*: mend"):
        build(project, project / "site")
