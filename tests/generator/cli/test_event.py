"""`cellfolio event add` writes one line that fits, and says what anyone will read of it."""

import json
from pathlib import Path

import pytest

from tests.cli import CommandLine, Run
from tests.small_project import COLLECTOR, write, write_model, write_project

BATTERY = "01_09506000134352_21_A1"
TAKEN = ("--holder=collector", "--evidence=W-1")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    project = write_project(tmp_path / "site")
    write(project, "content/operators/collector.yaml", COLLECTOR)
    write_model(project, "rack", "51.2")
    lot = "serial,model,plant,manufactured,placed_on_market\nA1,rack,north,2026-01,2026-02-01\n"
    write(project, "content/batteries/lot.csv", lot)
    return project


def add(run: CommandLine, site: Path, kind: str, time: str, *words: str) -> Run:
    fixed = ("--battery", BATTERY, "--kind", kind, "--time", time)
    return run("--project", site, "event", "add", *fixed, *words)


def lines(site: Path, name: str = "2026.jsonl") -> list[dict[str, object]]:
    path = site / "content/events" / name
    return [json.loads(each) for each in path.read_text().splitlines()] if path.exists() else []


def test_a_measurement_stays_restricted(run: CommandLine, site: Path) -> None:
    values = ("remaining_capacity=98.5 Ah", "current_internal_resistance.pack=17.1 mΩ")
    words = ("--method=bms", "--set=conditions.temperature=25 °C")
    told = (*(f"--value={value}" for value in values), *words)
    done = add(run, site, "measurement", "2026-06-01T09:00:00Z", *told)
    assert done.code == 0, done.err
    assert lines(site) == [
        {
            "battery": BATTERY,
            "kind": "measurement",
            "time": "2026-06-01T09:00:00Z",
            "method": "bms",
            "values": {
                "remaining_capacity": "98.5 Ah",
                "current_internal_resistance": {"pack": "17.1 mΩ"},
            },
            "conditions": {"temperature": "25 °C"},
        }
    ]
    assert done.out == (
        "one event appended to content/events/2026.jsonl\n"
        "public: nothing; the passport's next version says restricted data renewed\n"
    )
    assert run("--project", site, "check", "--as-of", "2026-11-22").code == 0


def test_what_becomes_public_is_said(run: CommandLine, site: Path) -> None:
    assert add(run, site, "waste", "2026-06-01", *TAKEN).out.endswith("public: holder collector\n")
    done = add(run, site, "recycled", "2026-07-01", "--evidence=R-1", "--json")
    assert json.loads(done.out) == {
        "file": "content/events/2026.jsonl",
        "written": True,
        "event": lines(site)[1],
        "public": {"passport status": "ceased", "ceased on": "2026-07-01"},
    }


def test_a_dry_run_writes_nothing(run: CommandLine, site: Path) -> None:
    uri = "https://other.example/01/09506000134369/21/B1"
    words = (f"--successor={uri}", "--operation=repurposing", "--dry-run")
    done = add(run, site, "successor", "2026-06-01", *words)
    assert done.out == (
        "one event would be appended to content/events/2026.jsonl\n"
        f"public: passport status replaced\npublic: successors {uri}\n"
    )
    assert not (site / "content/events").exists()


@pytest.mark.parametrize(
    ("kind", "time", "words", "told"),
    [
        ("repair", "2026-01-15", (), "before the battery was placed on the market"),
        ("repair", "2999-01-15", (), "this has not happened yet"),
        ("repair", "soon", (), "'soon' is no day or time"),
        ("repair", "2026-06-01", ("--set=note=hot",), "says nothing about persons"),
        ("waste", "2026-06-01", ("--holder=collector",), "evidence is missing"),
        ("waste", "2026-06-01", ("--holder=maker", "--evidence=W"), "takes waste batteries"),
        ("waste", "2026-06-01", ("--holder=ghost", "--evidence=W"), "there is no operator 'ghost'"),
        ("measurement", "2026-06-01", ("--value=full_cycles=3",), "values.full_cycles"),
    ],
)
def test_what_does_not_fit_is_refused(
    run: CommandLine, site: Path, kind: str, time: str, words: tuple[str, ...], told: str
) -> None:
    done = add(run, site, kind, time, *words)
    assert done.code == 1
    assert told in done.err
    assert lines(site) == []


def test_nothing_public_is_dated_back(run: CommandLine, site: Path) -> None:
    assert add(run, site, "waste", "2026-06-01", *TAKEN).code == 0
    done = add(run, site, "responsibility-change", "2026-05-01", *TAKEN)
    assert done.code == 1
    assert "content/events/2026.jsonl:2:1: time: this is older than the event at line 1" in done.err


def test_a_battery_that_is_not_there(run: CommandLine, site: Path) -> None:
    words = ("--battery", f"{BATTERY}9", "--kind", "repair", "--time", "2026-06-01")
    told = "no battery of this project has the dppId"
    run.fails_saying(told, "--project", site, "event", "add", *words)


@pytest.mark.parametrize("word", ["--value=full_cycles", "--value==3", "--set=a=1", "--value=a=1"])
def test_words_without_name_and_value(run: CommandLine, site: Path, word: str) -> None:
    assert add(run, site, "measurement", "2026-06-01", word, word).code == 2


def test_a_file_without_last_line_feed_is_continued(run: CommandLine, site: Path) -> None:
    first = {"battery": BATTERY, "time": "2026-02-02", "kind": "put-into-service"}
    write(site, "content/events/2026.jsonl", json.dumps(first))
    assert add(run, site, "repair", "2026-06-01").code == 0
    assert [each["kind"] for each in lines(site)] == ["put-into-service", "repair"]


def test_what_is_restricted_goes_to_the_private_root(run: CommandLine, site: Path) -> None:
    settings = site / "cellfolio.toml"
    settings.write_text(settings.read_text() + 'private_root = "../private"\n')
    assert add(run, site, "repair", "2026-06-01").code == 3
    private = site.parent / "private"
    private.mkdir()
    done = add(run, site, "repair", "2026-06-01")
    assert "appended to ../private/content/events/2026.jsonl" in done.out
    done = add(run, site, "waste", "2026-06-02", *TAKEN)
    assert "appended to content/events/2026.jsonl" in done.out
    assert [each["kind"] for each in lines(private)] == ["repair"]


def test_an_old_fault_does_not_stop_a_new_event(run: CommandLine, site: Path) -> None:
    wrong = {"battery": BATTERY, "time": "2026-01-02", "kind": "put-into-service"}
    write(site, "content/events/2026.jsonl", f"{json.dumps(wrong)}\n")
    words = ("--set=withdraws=put-into-service", "--set=at=2026-01-02")
    assert add(run, site, "correction", "2026-06-01", *words).code == 0
