"""A project with two batteries of a rack, the events that are written for them, and what holds."""

import json
from datetime import date
from pathlib import Path

from generator.content.check import Checked, check
from generator.content.load import load
from passport.encoding.canonical import Json
from passport.life.life import Life
from passport.problems import Findings
from tests.small_project import COLLECTOR, write, write_lot, write_model, write_project

DAY = date(2030, 1, 1)
A1, A2 = "01_09506000134352_21_A1", "01_09506000134352_21_A2"
FOUR_A: dict[str, Json] = {
    "current_rated_capacity": "100 Ah",
    "capacity_fade": "0 %",
    "current_power": "5000 W",
    "power_fade": "0 %",
    "current_internal_resistance": {"pack": "17.1 mΩ"},
    "internal_resistance_increase": {"pack": "0 %"},
    "expected_lifetime_cycles": "4000 cycles",
    "expected_lifetime_years": "12 years",
}


def eventful_project(folder: Path) -> Path:
    """Write the project; events may say that the batteries' holder is a collector."""
    project = write_project(folder)
    write(project, "content/operators/collector.yaml", COLLECTOR)
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2027-03-01,", "A2,rack,2027-03-01,")
    return project


def events(project: Path, *lines: dict[str, Json] | str, name: str = "2027.jsonl") -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    text = "".join(f"{each}\n" for each in texts)
    return write(project, f"content/events/{name}", text)


def event(kind: str, time: str = "2027-04-01", battery: str = A1, **more: Json) -> dict[str, Json]:
    return {"battery": battery, "time": time, "kind": kind, **more}


def of_events(checked: Checked) -> list[tuple[str, int, int, str]]:
    """Rule and place of each problem in a file of events."""
    return [
        (each.rule, each.place.line, each.place.column, each.path)
        for each in checked.problems
        if "content/events" in each.place.file
    ]


def rules(project: Path, as_of: date = DAY) -> list[str]:
    found = of_events(check(project, as_of))
    return [rule for rule, *_ in found if rule != "values-due"]


def life(project: Path, serial: str = "A1") -> Life:
    findings = Findings()
    content = load(project, findings)
    assert not findings.has_errors, [str(each) for each in findings.problems]
    battery = next(each for each in content.batteries if str(each.serial) == serial)
    found = content.lives(DAY).of(content.models[0], battery, findings)
    assert not findings.has_errors, [str(each) for each in findings.problems]
    return found
