"""`cellfolio check`: each bad input is told at its place, and never reaches a site."""

import json
import re
import shutil
import sys
from datetime import date
from pathlib import Path

import click
import pytest

from generator.cli.report import text_report, wants_colour
from generator.content.check import check
from passport.registry import registry
from tests.cli import CommandLine
from tests.generator.cli.bad_inputs import ERRORS, WARNINGS, Case
from tests.generator.cli.damage import (
    CARBON,
    CIRCULARITY,
    COMPOSITION,
    LOT,
    MODEL,
    PERFORMANCE,
    RESTRICTED,
    SETTINGS,
    add,
    remove,
    swap,
)

MINIMAL = Path(__file__).parents[2] / "sites" / "minimal"
DAY = "2027-02-18"
MIDNIGHT = "1802908800"
"""The same day for a build, as SOURCE_DATE_EPOCH."""
TOLD = re.compile(r"^\S+:\d+:\d+: .*$", re.MULTILINE)

each_error = pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
each_warning = pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.name)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the minimal site, to be spoilt."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "project"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that the minimal content makes."""
    return tmp_path_factory.mktemp("built") / "site"


def snapshot(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def assert_told(case: Case, out: str) -> None:
    lines = TOLD.findall(out)
    assert len(lines) == len(case.expected), out
    for line, expected in zip(lines, case.expected, strict=True):
        assert line.startswith(expected)


def test_a_clean_site_says_what_was_checked(run: CommandLine, site: Path) -> None:
    done = run("--project", site, "check", "--as-of", DAY, "--strict")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "model  provided  missing  not yet required  not applicable  duplicate\n"
        "rack         51        0                22              22          2\n"
        "\n"
        "hosting: not recorded; content/hosting.yaml says who stores passports (Art. 78)\n"
        "EU registry: 0 of 1 model registered; as far as we know it takes none yet\n"
        "\n"
        "no problems: checked 1 operator, 1 model, 2 batteries in 13 files "
        "against guidance 1.0 as of 2027-02-18\n"
    )


@each_error
def test_bad_input_is_an_error_at_its_place(run: CommandLine, site: Path, case: Case) -> None:
    case.damage(site)
    done = run("--project", site, "check", "--as-of", DAY)
    assert done.code == 1
    assert_told(case, done.out)
    assert re.fullmatch(
        r"cellfolio: the content must be mended: \d+ errors?, .* in \d+ files\n", done.err
    )


@each_warning
def test_doubtful_input_is_a_warning(run: CommandLine, site: Path, case: Case) -> None:
    case.damage(site)
    done = run("--project", site, "check", "--as-of", DAY)
    assert (done.code, done.err) == (0, "")
    assert_told(case, done.out)
    assert "[warning: " in done.out
    assert "[error: " not in done.out
    assert run("--project", site, "check", "--as-of", DAY, "--strict").code == 1


@each_error
def test_a_build_of_bad_input_leaves_the_old_site(
    run: CommandLine, site: Path, built: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MIDNIGHT)
    if not built.exists():
        assert run("--project", site, "build", "--out", built).code == 0
    before = snapshot(built)
    case.damage(site)
    done = run("--project", site, "build", "--out", built)
    assert (done.code, done.out) == (1, "")
    assert_told(case, done.err)
    assert snapshot(built) == before


def test_problems_are_grouped_by_file_sorted_and_counted(run: CommandLine, site: Path) -> None:
    swap(PERFORMANCE, "58.4 V", "51.2 V")(site)
    swap(PERFORMANCE, "6144 W", "0 W")(site)
    swap(COMPOSITION, "96-49-1", "96-49-2")(site)
    swap(PERFORMANCE, "-20 .. 50", "253 .. 323")(site)
    done = run("--project", site, "check")
    places = [line.split(": ")[0] for line in TOLD.findall(done.out)]
    assert places == [
        f"{COMPOSITION}:4:10",
        f"{PERFORMANCE}:4:18",
        f"{PERFORMANCE}:6:14",
        f"{PERFORMANCE}:11:19",
    ]
    blocks = done.out.split("\n\n")
    assert [len(TOLD.findall(block)) for block in blocks] == [1, 3, 0, 0, 0]
    assert done.out.endswith("\n3 errors, 1 warning in 13 files\n")


def test_colour_only_on_a_terminal(
    run: CommandLine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(PERFORMANCE, "exhaustion_threshold: 80 %\n")(site)
    assert "\x1b[" not in run("--project", site, "check").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert wants_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour()


def test_colour_changes_nothing_but_colour(site: Path) -> None:
    add(PERFORMANCE, "exhaustion_threshold: 80 %\n")(site)
    checked = check(site, date(2027, 2, 18))
    plain = text_report(checked, details=True, colour=False)
    coloured = text_report(checked, details=True, colour=True)
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == plain


@pytest.mark.requirement("R3.3")
def test_before_the_date_nothing_is_missing(run: CommandLine, site: Path) -> None:
    remove(COMPOSITION)(site)
    done = run("--project", site, "check", "--as-of", "2027-02-17", "--details")
    assert done.code == 0
    assert "12    chemistry" in done.out
    waiting = [line for line in done.out.splitlines() if "required from 18 February 2027" in line]
    assert len(waiting) == 7
    assert all("  not yet required  " in line and "Annex" in line for line in waiting)
    done = run("--project", site, "check", "--as-of", DAY, "--details")
    assert done.code == 1
    assert f"{MODEL}:1:1: $.chemistry: data point 12 (Chemistry) is missing" in done.out
    assert f"add chemistry to {COMPOSITION}" in done.out
    lines = [re.split(r"  +", line) for line in done.out.splitlines()]
    clause = registry().by_key["chemistry"].clause
    assert ["12", "chemistry", "missing", clause, "required, but no value is given"] in lines
    clause = registry().by_key["recycled_cobalt"].clause
    assert ["20", "recycled_cobalt", "missing?", clause, UNDECIDED] in lines


@pytest.mark.requirement("R3.3")
def test_guidance_2_waits_for_recycled_content(run: CommandLine, site: Path) -> None:
    swap(CIRCULARITY, "recycled_lithium:\n  pre_consumer: 1.8 %\n", "")(site)
    swap(CIRCULARITY, "  post_consumer: 0.6 %\n", "")(site)
    assert run("--project", site, "check", "--as-of", DAY).code == 1
    assert run("--project", site, "check", "--as-of", DAY, "--guidance", "2.0").code == 0
    assert run("--project", site, "check", "--guidance", "3.0").code == 2


@pytest.mark.requirement("R2.1")
def test_values_by_plant_are_asked_of_each_plant(run: CommandLine, site: Path) -> None:
    swap("content/operators/acme.yaml", "  north:\n", SOUTH + "  north:\n")(site)
    swap(MODEL, "plants: [north]", "plants: [north, south]")(site)
    (site / CIRCULARITY).write_text(BY_PLANT, encoding="utf-8")
    done = run("--project", site, "check", "--as-of", DAY)
    assert done.code == 1
    lines = TOLD.findall(done.out)
    assert len(lines) == 1
    assert "data point 21 (Recycled lithium) is missing: south: required" in lines[0]
    assert "circularity.yaml for each plant" in lines[0]


BY_PLANT = """renewable_content: 0 %
plants:
  north:
    recycled_lithium:
      pre_consumer: 1.8 %
      post_consumer: 0.6 %
"""
UNDECIDED = "no value is given; whether one is required depends on what content does not say"
SOUTH = "  south:\n    name: South works\n    city: Leipzig\n    country: DE\n"


def test_an_untranslated_text_is_told_for_every_language(run: CommandLine, site: Path) -> None:
    swap(SETTINGS, '["en"]', '["en", "de"]')(site)
    done = run("--project", site, "check", "--as-of", DAY)
    assert done.code == 0
    assert done.out.count("there is no text in de") == len(TOLD.findall(done.out)) == 15


def test_json_holds_problems_and_every_data_point(run: CommandLine, site: Path) -> None:
    swap(PERFORMANCE, "nominal_voltage: 51.2 V\n", "")(site)
    done = run("--project", site, "check", "--as-of", DAY, "--json")
    assert done.code == 1
    told = json.loads(done.out)
    assert [(each["rule"], each["file"], each["severity"]) for each in told["problems"]] == [
        ("missing-data-point", PERFORMANCE, "error")
    ]
    (model,) = told["models"]
    assert model["slug"] == "rack"
    assert model["counts"]["missing"] == 1
    assert sum(model["counts"].values()) == len(model["data_points"])
    found = {each["key"]: each for each in model["data_points"]}
    assert found["nominal_voltage"]["number"] == "27"
    assert found["nominal_voltage"]["state"] == "missing"
    assert found["state_of_charge"]["state"] == "not yet required"
    assert found["material_composition"]["reason"].startswith("see Chemistry, ")


def test_annotations_escape_what_github_would_read(run: CommandLine, site: Path) -> None:
    swap(PERFORMANCE, "95.2 %", "952 %")(site)
    done = run("--project", site, "check", "--as-of", DAY, "--format", "github")
    assert done.code == 1
    assert done.out == (
        f"::error file={PERFORMANCE},line=14,col=10,"
        "title=percentage $.initial_round_trip_efficiency::"
        "952 %25 is outside 0 to 100 %25 (Annex XIII 1(n)): mend the figure, or its unit\n"
    )


def test_ci_gets_paths_from_where_it_stands(
    run: CommandLine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap(PERFORMANCE, "95.2 %", "952 %")(site)
    monkeypatch.chdir(site.parent)
    done = run("--project", "project", "check", "--format", "github")
    assert done.out.startswith(f"::error file=project/{PERFORMANCE},line=14,col=10,")
    (told,) = json.loads(run("--project", "project", "check", "--format", "sarif").out)["runs"]
    (place,) = told["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == f"project/{PERFORMANCE}"


def test_a_million_like_problems_are_not_listed_one_by_one(run: CommandLine, site: Path) -> None:
    add(LOT, "AR-0001,rack,north,2026-01,\n" * 1200)(site)
    done = run("--project", site, "check")
    assert done.code == 1
    assert len(TOLD.findall(done.out)) == 1001
    assert f"{LOT}:1:1: $: 200 more problems of the kind duplicate-identifier" in done.out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("25.3 %", "2530.7 %"),
        ("25.3 %", "25,37 secret"),
        ("15365-14-7", "15365-14-8"),
        ("share: 25.3 %", "shareSecret: 25.3 %"),
        ("kind: screw", "kind: secretscrew"),
        ("[report]", "[secretreport]"),
        ("count: 4", "count: 0123"),
        ("arrangement: 16S1P", "arrangement: 16S1P\n  arrangement: secret"),
        ("kind: screw", "kind: screw: secret"),
        ("Secret lid under tension.", "{not_applicable: {en: The secret lid, fr: Secret}}"),
        ("Secret lid under tension.", "{not_applicable: The secret lid}"),
    ],
)
def test_nothing_restricted_is_told(
    run: CommandLine, site: Path, form: str, old: str, new: str
) -> None:
    swap(RESTRICTED, old, new)(site)
    done = run("--project", site, "check", "--as-of", DAY, "--format", form)
    told = done.out + done.err
    for secret in ("ecret", "2530", "25,37", "15365", "0123", "SC-20771"):
        assert secret not in told
    assert RESTRICTED in told


def test_carbon_stages_may_differ_by_rounding(run: CommandLine, site: Path) -> None:
    swap(CARBON, "0.0171", "0.0172")(site)
    assert run("--project", site, "check", "--as-of", DAY).code == 0
