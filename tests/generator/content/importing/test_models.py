"""Importing data points: values in their files, all else untouched, restricted ones not shown."""

from pathlib import Path

import pytest

from generator.content.importing.report import ImportReport
from passport.errors import ConfigError
from tests.generator.content.importing import plain_rows
from tests.small_project import write, write_model, write_project

PERFORMANCE = """\
# 16 cells in series.
rated_capacity:
  value: 100 Ah  # at 0.2 C
  basis: measured

nominal_voltage: 51.2 V  # 16 times 3.2 V
maximum_voltage: "58.4 V"

# Until the BMS switches off.
power_limit: 6144 W
cycle_life_test:
  reference: iec-62620
  description: {en: "As usual: 0.5 C"}
idle_temperature: -20 .. 50 °C
internal_resistance: {cell: 0.70 mΩ}
# the end
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    write(folder, "content/models/rack/performance.yaml", PERFORMANCE)
    return folder


def imported(project: Path, table: str, columns: str, **flags: bool) -> ImportReport:
    source = write(project, "models.csv", table)
    write(project, "map.toml", f'[columns]\nmodel = "model"\n{columns}')
    return plain_rows.imported(project, source, into="", **flags)


def performance(project: Path) -> str:
    return (project / "content/models/rack/performance.yaml").read_text("utf-8")


def told(report: ImportReport) -> list[str]:
    return [f"{p.place.line}:{p.place.column}: {p.path}: {p.message}" for p in report.problems]


def test_values_change_and_everything_else_stays(project: Path) -> None:
    columns = (
        '"U (mV)" = { to = "nominal_voltage", unit = "mV" }\n'
        'C = "rated_capacity"\nR = "internal_resistance.pack"\nT = "idle_temperature"\n'
        'W = { to = "warranty_period", unit = "years" }\nP = { to = "power_limit", unit = "kW" }\n'
    )
    table = "model,U (mV),C,R,T,W,P\nrack,51300,102,17.0,-20 bis 55 °C,10,6.144\n"
    report = imported(project, table, columns)
    expected = (
        PERFORMANCE.replace("51.2 V  #", "51.300 V #")
        .replace("100 Ah", "102 Ah")
        .replace("{cell: 0.70 mΩ}", "{cell: 0.70 mΩ, pack: 17.0 mΩ}")
        .replace("50 °C", "55 °C")
    )
    added = "warranty_period: 10 years\n"
    assert performance(project) == expected.replace("# the end", f"{added}# the end")
    assert (report.added, report.changed, report.unchanged) == (2, 3, 1)
    assert [str(change) for change in report.changes] == [
        "row 2: rack idle_temperature: changed: -20 .. 50 °C -> -20 .. 55 °C",
        "row 2: rack internal_resistance.pack: added",
        "row 2: rack nominal_voltage: changed: 51.2 V -> 51.300 V",
        "row 2: rack rated_capacity: changed: 100 Ah -> 102 Ah",
        "row 2: rack warranty_period: added",
    ]


def test_importing_data_points_twice_changes_nothing(project: Path) -> None:
    columns, table = 'U = "nominal_voltage"\n', "model,U\nrack,52.0 V\n"
    assert imported(project, table, columns).written
    before = performance(project)
    report = imported(project, table, columns)
    assert (report.unchanged, report.written, report.targets) == (1, False, ())
    assert performance(project) == before


def test_a_value_that_stands_there_already_leaves_the_file_alone(project: Path) -> None:
    path = project / "content/models/rack/performance.yaml"
    odd = "nominal_voltage:   51.2 V\nhazardous: []\n"
    path.write_text(odd, "utf-8")
    imported(project, "model,U\nrack,51.2\n", 'U = "nominal_voltage"\n')
    assert path.read_text("utf-8") == odd


def test_what_is_known_about_a_value_makes_it_long(project: Path) -> None:
    columns = 'U = "nominal_voltage"\nM = "nominal_voltage.method"\nD = "nominal_voltage.as_of"\n'
    imported(project, "model,U,M,D\nrack,51.2,IEC: 62620,03.11.2026\n", columns)
    assert "\n  value: 51.2 V\n  method: 'IEC: 62620'\n  as_of: 2026-11-03\n" in performance(
        project
    )


def test_texts_get_languages_and_codes_become_lists(project: Path) -> None:
    columns = (
        'D = "safe_handling"\nF = "safe_handling.fr"\n'
        'E = { to = "extinguishing_agent", values = { "H2O" = "water, water-mist" } }\n'
    )
    write(project, "content/models/rack/waste.yaml", "safe_handling: Do not drop.\n")
    imported(project, "model,D,F,E\nrack,no,Ne pas jeter.,H2O\n", columns)
    folder = project / "content/models/rack"
    assert (folder / "waste.yaml").read_text("utf-8") == (
        'safe_handling:\n  en: "no"\n  fr: Ne pas jeter.\n'
    )
    assert "\nextinguishing_agent: [water, water-mist]\n" in (folder / "model.yaml").read_text()


def test_values_of_a_plant_go_below_it(project: Path) -> None:
    columns = 'P = "plant"\nA = { to = "absolute_carbon_footprint", unit = "kg" }\n'
    imported(project, "model,P,A\nrack,North works,379\n", columns)
    assert (project / "content/models/rack/carbon.yaml").read_text("utf-8") == (
        "plants:\n  north:\n    absolute_carbon_footprint: 0.379 t\n"
    )


def test_wrong_cells_are_told_and_nothing_is_written(project: Path) -> None:
    columns = 'U = "nominal_voltage"\nL = "cycle_life_test.reference"\nC = "expected_cycles"\n'
    table = 'model,U,L,C\nrack,"51,2",iec-1,4000\nrick,1,,\n,1,,\n'
    report = imported(project, table, columns)
    assert told(report) == [
        "2:2: U: '51,2' has a decimal comma",
        "2:3: L: 'iec-1' is not a code of test reference",
        "3:1: model: there is no model 'rick' in content/models",
        "4:1: model: model is missing",
    ]
    assert (report.refused, report.written, performance(project)) == (3, False, PERFORMANCE)


def test_two_rows_that_disagree_are_refused(project: Path) -> None:
    report = imported(project, "model,U\nrack,51\nRACK,52\nrack,51\n", 'U = "nominal_voltage"\n')
    assert told(report) == ["3:2: U: row 2 gives nominal_voltage of rack too"]
    assert (report.repeated, report.written) == (1, False)


def test_content_that_says_otherwise_is_not_overwritten(project: Path) -> None:
    text = "nominal_voltage:\n  not_applicable: it has none\n"
    write(project, "content/models/rack/performance.yaml", text)
    report = imported(project, "model,U\nrack,51\n", 'U = "nominal_voltage"\n')
    assert told(report) == ["2:2: U: content says that nominal_voltage does not apply"]
    assert performance(project) == text


def test_a_half_record_is_refused_by_the_strict_reader(project: Path) -> None:
    report = imported(
        project,
        "model,C\nrack,1.5\n",
        'C = "carbon_footprint.raw_material"\n[fixed]\nplant = "north"',
    )
    assert not report.accepted
    assert all(problem.rule == "content" for problem in report.problems)
    assert not (project / "content/models/rack/carbon.yaml").exists()


def test_a_file_with_problems_is_left_alone(project: Path) -> None:
    text = "nominal_voltage: 51.2 V\nnominal_voltage: 52 V\n"
    write(project, "content/models/rack/performance.yaml", text)
    report = imported(project, "model,U\nrack,51\n", 'U = "nominal_voltage"\n', skip_wrong=True)
    assert (report.accepted, performance(project)) == (False, text)
    assert report.problems[0].rule == "duplicate-key"


def test_restricted_values_are_written_but_never_shown(project: Path) -> None:
    path = write(
        project,
        "content/models/rack/restricted/xiii-2.yaml",
        "initial_self_discharge: 3.14159 %/month\n",
    )
    columns = 'S = "initial_self_discharge"\n'
    wrong = imported(project, "model,S\nrack,2.71828 kg\n", columns)
    assert told(wrong) == [
        "2:2: S: the cell holds no quantity in %/month (restricted, so it is not shown)"
    ]
    done = imported(project, "model,S\nrack,2.71828\n", columns)
    assert path.read_text("utf-8") == "initial_self_discharge: 2.71828 %/month\n"
    shown = "".join(map(str, (*done.changes, *done.problems, *wrong.problems)))
    assert "2.71828" not in shown
    assert "3.14159" not in shown


def test_restricted_values_go_to_the_private_root(project: Path) -> None:
    settings = (project / "cellfolio.toml").read_text("utf-8")
    write(project, "cellfolio.toml", f'{settings}private_root = "secret"\n')
    columns, table = 'S = "initial_self_discharge"\n', "model,S\nrack,2.5\n"
    with pytest.raises(ConfigError, match="the private root secret is not here"):
        imported(project, table, columns)
    (project / "secret").mkdir()
    report = imported(project, table, columns)
    assert report.targets == ("secret/content/models/rack/restricted/xiii-2.yaml",)
    assert (project / report.targets[0]).read_text("utf-8") == (
        "initial_self_discharge: 2.5 %/month\n"
    )
    assert imported(project, table, columns).unchanged == 1


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("nominal_volts", "'nominal_volts' is no data point and no column of a lot"),
        ("internal_resistance", "doesn't fit into one cell: name a part: internal_resistance.cell"),
        ("internal_resistance.fuse", "has no part 'fuse'"),
        ("hazardous_substances", "hazardous_substances doesn't fit into one cell"),
        ("manufacturing_date", "it is a column of lots"),
        ("battery_status", "write it to content/events"),
        ("unique_identifier", "it is worked out from other content"),
    ],
)
def test_what_is_no_single_value_of_a_model_is_told(project: Path, to: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        imported(project, "model,X\nrack,1\n", f'X = "{to}"\n')
    assert message in str(refused.value)


def test_a_unit_that_cannot_be_converted_is_told(project: Path) -> None:
    with pytest.raises(ConfigError, match="given in V, which 'Ah' can't be converted to"):
        imported(project, "model,X\nrack,1\n", 'X = { to = "nominal_voltage", unit = "Ah" }\n')
