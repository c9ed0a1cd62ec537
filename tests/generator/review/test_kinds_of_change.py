"""Kinds of change: each is told in one line, and counted as the next build then does it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.access_project import ISSUERS, POLICY, write_client
from tests.cli import CommandLine
from tests.restricted_site import HARM, XIII_2
from tests.reviewed import LOT, PERFORMANCE, ReviewedProject
from tests.small_project import write, write_lot, write_model

GROWN = "".join(f"N{n:04d},rack,north,2026-11,2026-12-01,\n" for n in range(40))
TRUSTED = """\
issuers:
  - did: did:key:z6Mkfgb5TPbmguBXgxxuyabYnFz5KkiqAfLx1YXHATnfhm7c
    name: Verband
    actors: recycler
    assurance: substantial
    valid_from: 2026-11-01
    valid_until: 2031-10-31
    evidence: agreement
    approver: Ada
    reviewed_on: 2026-10-28
    review_due: 2027-10-28
"""
MODEL = "content/models/rack/model.yaml"
OPERATOR = "content/operators/maker.yaml"


@pytest.fixture
def project(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> ReviewedProject:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
    return ReviewedProject(tmp_path / "project", run)


def _value(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "52 V")


def _digits(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "51.20 V")


def _about_a_value(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "{value: 51.2 V, basis: measured}")


def _two_values(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    project.edits(PERFORMANCE, "100 Ah", "101 Ah")


def _not_applicable(project: ReviewedProject) -> None:
    write(project.folder, PERFORMANCE, "rated_capacity: 100 Ah\nnominal_voltage: 51.2 V\n")
    with (project.folder / PERFORMANCE).open("a") as file:
        file.write("warranty_period: {not_applicable: None is given.}\n")


def _evidence(project: ReviewedProject) -> None:
    project.edits("content/models/rack/evidence.yaml", ", rated_capacity", "")


def _evidence_entry(project: ReviewedProject) -> None:
    project.edits("content/models/rack/evidence.yaml", "LAB-1", "LAB-2")


def _new_lot(project: ReviewedProject) -> None:
    head = (project.folder / LOT).read_text().splitlines()[0]
    write(project.folder, "content/batteries/2027-01.csv", f"{head}\n{GROWN}")


def _row(project: ReviewedProject) -> None:
    project.edits(LOT, "A1,rack,north,2026-11", "A1,rack,north,2026-10")


def _private_column(project: ReviewedProject) -> None:
    project.edits(LOT, "A1,rack,north,2026-11,2026-12-01,", "A1,rack,north,2026-11,2026-12-01,Roof")


def _status(project: ReviewedProject) -> None:
    project.tells({"kind": "put-into-service", "time": "2026-12-03"})


def _harm(project: ReviewedProject) -> None:
    project.tells({"time": "2026-12-04", **HARM})


def _waste(project: ReviewedProject) -> None:
    text = (project.folder / OPERATOR).read_text()
    text = text.replace("role: manufacturer", "role: waste-operator").replace("12345", "22345")
    write(project.folder, "content/operators/works.yaml", text)
    project.commit("Name a waste operator")
    project.tells({"kind": "waste", "time": "2026-12-03", "holder": "works", "evidence": "W-1"})


def _recycled(project: ReviewedProject) -> None:
    _waste(project)
    project.tells({"kind": "recycled", "time": "2026-12-04", "evidence": "R-1"})


def _policy(project: ReviewedProject) -> None:
    project.edits(
        POLICY,
        "actors: [repairer, remanufacturer, second-life-operator, recycler]",
        "actors: [repairer, remanufacturer, second-life-operator]",
    )


def _policy_words(project: ReviewedProject) -> None:
    project.edits(POLICY, "approver: Head of product compliance", "approver: Head of quality")


def _client(project: ReviewedProject) -> None:
    write_client(project.folder, "new-repairer", "actors: repairer")


def _issuer(project: ReviewedProject) -> None:
    write(project.folder, ISSUERS, TRUSTED)


def _issuer_roles(project: ReviewedProject) -> None:
    _issuer(project)
    project.commit("Trust an issuer")
    project.edits(ISSUERS, "actors: recycler", "actors: [recycler, repairer]")


def _design(project: ReviewedProject) -> None:
    design = "designs:\n  rack:\n    width: 66 mm\n    height: 40 mm\n    dpi: 300\n"
    write(project.folder, "content/labels.yaml", design)
    project.commit("Design a label")
    project.edits("content/labels.yaml", "width: 66 mm", "# Wider\n    width: 70 mm")


def _refused(project: ReviewedProject) -> None:
    project.refuses(passport="01_09506000134352_21_A2")


def _prose(project: ReviewedProject) -> None:
    project.edits("content/models/rack/about.md", "heavy", "very heavy")


def _theme(project: ReviewedProject) -> None:
    write(project.folder, "themes/plain/site.css", "body { color: navy }\n")


def _name(project: ReviewedProject) -> None:
    project.edits(MODEL, "name: rack", "name: Rack II")


def _address(project: ReviewedProject) -> None:
    project.edits(OPERATOR, "Werkstr. 1", "Werkstr. 2")


def _role(project: ReviewedProject) -> None:
    project.edits(OPERATOR, "evidence: register", "evidence: register 7")


def _scope(project: ReviewedProject) -> None:
    project.edits(MODEL, "rationale: as sold", "rationale: as it is sold")


def _restricted(project: ReviewedProject) -> None:
    project.says(XIII_2.replace("Open the lid", "Remove the lid"))


def _new_model(project: ReviewedProject) -> None:
    write_model(project.folder, "shelf", "25.6", number=1)


def _setting(project: ReviewedProject) -> None:
    project.set('battery_languages = ["en"]', 'battery_languages = ["en", "de"]')


_RACK = "model rack"
VERBAND = "did:key:z6Mkfgb5TPbmguBXgxxuyabYnFz5KkiqAfLx1YXHATnfhm7c"
KINDS: dict[str, tuple[Callable[[ReviewedProject], None], str]] = {
    "value": (_value, f"{_RACK}, Nominal voltage [xiii-1]: 51.2 V → 52 V (+1.6 %); 3 passports"),
    "digits": (
        _digits,
        f"{_RACK}, Nominal voltage [xiii-1]: 51.2 V → 51.20 V (less than 0.1 %); 3 passports",
    ),
    "about": (
        _about_a_value,
        f"{_RACK}, Nominal voltage [xiii-1] (basis changed, the value did not); 3 passports",
    ),
    "not applicable": (
        _not_applicable,
        (
            f"{_RACK}, Warranty on calendar life [xiii-1]: nothing → not applicable: None is given."
            " (added); 3 passports"
        ),
    ),
    "evidence": (_evidence, f"{_RACK}, Rated capacity (evidence lost)"),
    "entry": (_evidence_entry, f"{_RACK}, entry tests (evidence says something else)"),
    "lot": (_new_lot, f"{_RACK}, 40 batteries from plant north (added); 40 new passports"),
    "row": (_row, f"{_RACK}, 1 battery edited: date of manufacture; 1 passport"),
    "private column": (_private_column, f"{_RACK}, 1 battery edited: installation"),
    "status event": (_status, "events, restricted data of 1 battery; 1 passport"),
    "harm": (_harm, "events, restricted data of 1 battery; 1 passport"),
    "holder": (_waste, "⚠ events, responsible operator of 1 battery; 1 passport"),
    "recycled": (_recycled, "⚠ events, recycled: 01_09506000134352_21_A1; 1 ceasing passport"),
    "policy": (
        _policy,
        "⚠ access, recycler (loses xiii-2 for dismantling, safety; clients: recycler)",
    ),
    "policy's words": (
        _policy_words,
        "⚠ access, policy (written anew; nobody gains or loses access)",
    ),
    "client": (
        _client,
        (
            "⚠ access, client new-repairer (added; gains xiii-2, xiii-4 for dismantling, repair, "
            "safety)"
        ),
    ),
    "issuer": (_issuer, f"⚠ access, issuer {VERBAND} (added; trusted as recycler)"),
    "issuer's roles": (
        _issuer_roles,
        f"⚠ access, issuer {VERBAND} (changed; trusted as recycler, repairer)",
    ),
    "label": (_design, "labels, design rack (width changed)"),
    "refusal": (_refused, "⚠ access, 1 entry of refused.jsonl (refused to everybody)"),
    "prose": (_prose, f"{_RACK}, description (prose only: its page changes, no passport does)"),
    "theme": (_theme, "themes, plain/site.css (pages look different, no passport changes)"),
    "identity": (_name, f"⚠ {_RACK}, name [xiii-1]: rack → Rack II; 3 passports"),
    "operator": (_address, "⚠ operator maker, address; 3 passports"),
    "role": (_role, "⚠ operator maker, roles"),
    "scope": (_scope, f"⚠ {_RACK}, scope decision (why the passport is or isn't required)"),
    "restricted value": (
        _restricted,
        f"{_RACK}, Disassembly sequence [xiii-2] (restricted, not shown); 1 passport",
    ),
    "model": (_new_model, "⚠ model shelf, shelf [xiii-1] (added); 1 new passport"),
    "setting": (_setting, "settings, battery_languages: en → en, de"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_line_and_counted_as_it_is_built(project: ReviewedProject, kind: str) -> None:
    change, line = KINDS[kind]
    project.builds()
    change(project)
    assert project.diff() == [line]
    built = project.builds()
    assert built["new_versions"] == sum(project.counts())


def test_two_values_of_one_passport_are_one_version(project: ReviewedProject) -> None:
    project.builds()
    _two_values(project)
    assert len(project.diff()) == 2
    assert project.counts() == (0, 3, 0)
    assert project.builds()["new_versions"] == 3


def test_everything_at_once_is_counted_once(project: ReviewedProject) -> None:
    project.builds()
    for change in (_value, _restricted, _harm, _new_lot, _row, _name, _new_model, _theme):
        change(project)
    assert project.counts() == (41, 3, 0)
    assert project.builds()["new_versions"] == 44


def test_a_passport_that_ceased_says_its_header_only(project: ReviewedProject) -> None:
    project.builds()
    _recycled(project)
    assert project.counts() == (0, 0, 1)
    assert project.builds()["new_versions"] == 1
    project.commit("Recycle one")
    _value(project)
    (line,) = project.diff()
    assert line.endswith("; 2 passports")
    assert project.counts() == (0, 2, 0)
    assert project.builds()["new_versions"] == 2


def test_a_value_of_one_plant_concerns_that_plant(project: ReviewedProject) -> None:
    south = "  south: {name: South works, city: Leipzig, country: DE}\n"
    path = project.folder / OPERATOR
    path.write_text(path.read_text() + south)
    project.edits(MODEL, "plants: [north]", "plants: [north, south]")
    write(project.folder, PERFORMANCE, "rated_capacity: 100 Ah\nnominal_voltage: 51.2 V\n")
    carbon = (
        "plants:\n  north:\n    carbon_footprint_label: {not_applicable: Not adopted.}\n"
        "  south:\n    carbon_footprint_label: {not_applicable: Not adopted.}\n"
    )
    write(project.folder, "content/models/rack/carbon.yaml", carbon)
    rows = "serial,model,plant,manufactured,placed_on_market,installation\n"
    rows += "A1,rack,north,2026-11,2026-12-01,\nA2,rack,south,2026-11,2026-12-01,\n"
    write(project.folder, LOT, rows)
    project.commit("Open a plant")
    project.builds()
    project.edits("content/models/rack/carbon.yaml", "Not adopted.", "Not yet adopted.")
    (line,) = project.diff()
    assert "(north)" in line
    assert line.endswith("; 1 passport")
    assert project.counts() == (0, 1, 0)
    assert project.builds()["new_versions"] == 1


def test_a_wrong_unit_is_told_with_the_right_one(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "100 Ah", "5120 Wh")
    (told,) = (line for line in project.text().splitlines() if line.startswith("! "))
    assert told.startswith("! can't be read, so it counts as missing: .: content/models/rack/perf")
    assert told.endswith(":2:17: $.rated_capacity: '5120 Wh' is in Wh: give the value in Ah")
    project.commit("Break it")
    assert "HEAD~0: content/models/rack/performance.yaml:2:17" in project.text("HEAD~1", "HEAD~0")


def test_keys_that_are_rotated_are_one_line(project: ReviewedProject) -> None:
    project.has_own_keys()
    project.commit("Make keys")
    project.does("build", "--genesis")
    done = project.run("--project", project.folder, "keys", "rotate", "issuing")
    assert done.code == 0, done.err
    (line,) = project.diff()
    assert line.startswith("⚠ keys, ")
    assert "a key was made, rotated or revoked" in line
    assert project.builds()["new_versions"] == sum(project.counts()) == 0


def test_lines_that_move_change_nothing(project: ReviewedProject) -> None:
    two = "nominal_voltage: 51.2 V\nrated_capacity: 100 Ah\n"
    project.edits(PERFORMANCE, two, "# A note\nrated_capacity:\n  value: 100 Ah\n"
                  'nominal_voltage: "51.2 V"\n')  # fmt: skip
    write_lot(project.folder)
    head = (project.folder / LOT).read_text().strip()
    columns = ",".join(reversed(head.split(",")))
    rows = ("A2,rack,north,2026-11,2026-12-01,", "A1,rack,north,2026-11,2026-12-01,")
    turned = "".join(",".join(reversed(row.split(","))) + "\n" for row in rows)
    write(project.folder, LOT, f"{columns}\n{turned}")
    project.edits("content/models/rack/about.md", "sites.\nIt is", "sites. It\nis")
    project.edits(OPERATOR, "address: {street: Werkstr. 1, ", "address: {")
    project.edits(OPERATOR, "country: DE}", "country: DE, street: Werkstr. 1}")
    policy = (project.folder / POLICY).read_text()
    head, rules = policy.split("\nrules:\n")
    first, second = rules.split("  - id: battery-dismantling")[0], "  - id: battery-dismantling"
    rest = rules.removeprefix(first)
    write(project.folder, POLICY, f"{head}\nrules:\n{rest.rstrip()}\n{first}")
    assert second in rest
    assert project.text() == "HEAD → .: nothing changes\n"


def test_a_folder_that_is_renamed_is_the_same_model(project: ReviewedProject) -> None:
    project.builds()
    models = project.folder / "content/models"
    (models / "rack").rename(models / "shelf")
    lot = project.folder / LOT
    lot.write_text(lot.read_text().replace(",rack,", ",shelf,"))
    assert project.text() == "HEAD → .: nothing changes\n"
    assert project.builds()["new_versions"] == 0
