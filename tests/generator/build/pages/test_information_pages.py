"""Models outside the passport: a page that says why, and nothing that looks like a passport."""

from pathlib import Path

import pytest

from generator.cli.build import build
from generator.content.check import check
from generator.content.revision import read_revision
from tests.small_project import write, write_lot, write_model, write_project
from tests.small_site import shown_text

PAGE = "01/09506000134352.html"
DPP = "dpp/01_09506000134352"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A block of 1.2 kWh with a battery listed, and a rack battery with one."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    folder = write_project(tmp_path / "project")
    write_model(folder, "block", "12", placed_as="block")
    write_model(folder, "rack", "51.2", number=1)
    write_lot(folder, "B001,block,,", "R001,rack,,")
    return folder


def built(project: Path) -> Path:
    build(project, project / "site")
    return project / "site"


@pytest.mark.requirement("R1.9")
def test_it_says_why_and_what_still_applies(project: Path) -> None:
    shown = shown_text(built(project) / PAGE)
    assert (
        "No battery passport is required : an industrial battery of 1.2 kWh;"
        " passports start above 2 kWh Art. 77(1)"
    ) in shown
    for clause in (f"Art. {n}" for n in ("13(1)", "13(4)", "13(5)", "13(6)", "18", "74")):
        assert clause in shown
    assert "Rated capacity 100" in shown
    assert "https://id.example.com/01/09506000134352" in shown


@pytest.mark.requirement("R1.10")
def test_it_is_never_called_a_passport(project: Path) -> None:
    shown = shown_text(built(project) / PAGE).lower()
    explained = shown.replace("no battery passport is required", "").replace("passports start", "")
    assert "passport" not in explained


def test_there_is_nothing_for_programs_and_nothing_of_its_batteries(project: Path) -> None:
    site = built(project)
    assert not (site / DPP).exists()
    assert not (site / "01/09506000134352").exists()
    assert (site / "dpp/01_09506000134369/passport.json").is_file()
    assert (site / "01/09506000134369/21/R001.html").is_file()


def test_it_is_there_in_german(project: Path) -> None:
    shown = shown_text(built(project) / "de" / PAGE)
    assert "Kein Batteriepass verlangt : eine Industriebatterie mit 1,2 kWh" in shown
    assert "Anhang VI A" in shown
    assert "Annex" not in shown


def test_the_first_page_lists_it_apart(project: Path) -> None:
    shown = shown_text(built(project) / "index.html")
    assert shown.index("rack") < shown.index("Batteries that need no passport")
    assert shown.index("Batteries that need no passport") < shown.rindex("block")


@pytest.mark.requirement("R1.10")
def test_a_volunteer_gets_full_passports(project: Path) -> None:
    write_model(project, "block", "12", placed_as="block", scope="voluntary: true")
    site = built(project)
    assert (site / DPP / "passport.json").is_file()
    assert (site / "01/09506000134352/21/B001.html").is_file()


def test_check_warns_of_batteries_that_get_none(project: Path) -> None:
    checked = check(project, read_revision(project).time.date())
    (found,) = [p for p in checked.problems if p.rule == "outside-passport"]
    assert str(found) == (
        "content/models/block/model.yaml:11:3: $.scope: block is outside the passport, so its"
        " batteries get none (Art. 77(1)): its model has an information page; for full passports"
        " write voluntary: true"
    )


SECRETS = {
    "owner": "Owner Ottilie",
    "updater": "Updater Ulrike",
    "source_system": "System Saphir",
    "record": "Record-Rubin-77",
    "rule": "Rule about resistance",
    "trigger": "Trigger of tellurium",
    "frequency": "Frequency of forty",
    "reviewer": "Second Person",
    "industrial_use": "designed for telecom sites",
    "installation": "Site Seven-Seven",
}


@pytest.mark.requirement("R1.8", "R4.3")
def test_owners_systems_and_reviewers_are_never_published(project: Path) -> None:
    members = "".join(
        f"  {name}: {SECRETS[name]}\n"
        for name in ("source_system", "record", "owner", "updater", "rule", "trigger", "frequency")
    )
    entry = f"hidden-entry-name:\n  covers: [nominal_voltage]\n  result: passed\n{members}"
    entry += "  validated_on: 2026-10-01\n"
    write(project, "content/models/rack/evidence.yaml", entry)
    write_lot(project, f"R001,rack,,{SECRETS['installation']}")
    site = built(project)
    everything = b"\n".join(path.read_bytes() for path in site.rglob("*") if path.is_file())
    for secret in (*SECRETS.values(), "hidden-entry-name", "2026-10-14", "as sold"):
        assert secret.encode() not in everything, secret
    assert "Nominal voltage" in shown_text(site / "01/09506000134369/21/R001.html")
    assert "Evidence on file" in shown_text(site / "01/09506000134369/21/R001.html")


@pytest.mark.requirement("R4.3")
def test_a_published_artefact_is_linked_and_others_are_on_file(project: Path) -> None:
    home = "content/models/rack"
    write(project, f"{home}/declaration.txt", "public")
    write(project, f"{home}/report.txt", "secret figures")
    digests = (
        "efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7",
        "483506d36847e77160610d36704c3402509205f6fd54a6996992ae36514821b6",
    )
    documents = "documents:\n" + "".join(
        f"  {name}:\n    file: {name}.txt\n    sha256: {digest}\n    title: Title of {name}\n"
        f"    languages: [en]\n    publish: {publish}\n"
        for name, digest, publish in zip(
            ("declaration", "report"), digests, ("true", "false"), strict=True
        )
    )
    path = project / home / "model.yaml"
    path.write_text(path.read_text() + documents)
    entries = "".join(
        f"e-{name}:\n  covers: [{covers}]\n  source_system: s\n  record: r\n  document: {name}\n"
        "  owner: o\n  updater: u\n  rule: r\n  result: passed\n  validated_on: 2026-10-01\n"
        "  trigger: t\n  frequency: f\n"
        for name, covers in (("declaration", "nominal_voltage"), ("report", "rated_capacity"))
    )
    write(project, f"{home}/evidence.yaml", entries)
    site = built(project)
    shown = shown_text(site / "01/09506000134369.html")
    assert "Evidence Title of declaration" in shown
    assert "Evidence on file" in shown
    assert "Title of report" not in shown
    (asset,) = site.glob("assets/*/*.txt")
    assert asset.name == "declaration.txt"
