"""`cellfolio datapoints` prints the registry as a person or a program asks for it."""

import json

from passport.registry import registry
from tests.cli import CommandLine


def told(run: CommandLine, *words: str) -> str:
    done = run("datapoints", *words)
    assert done.code == 0, done.err
    return done.out


def test_json_lists_every_data_point_with_its_number(run: CommandLine) -> None:
    points = json.loads(told(run, "--json"))["data_points"]
    assert [point["key"] for point in points] == [p.key for p in registry().data_points]
    assert {"43a", "43f", "48a", "48f", "1", "71"} <= {point["number"] for point in points}


def test_words_and_options_narrow_the_list(run: CommandLine) -> None:
    points = json.loads(told(run, "voltage", "--group", "xiii-1", "--json"))["data_points"]
    voltages = {"minimum_voltage", "nominal_voltage", "maximum_voltage"}
    assert {point["key"] for point in points} == voltages
    assert all(point["unit"] == "V" for point in points)


def test_numbers_find_data_points_and_labels_come_in_german(run: CommandLine) -> None:
    assert "end_user_waste_prevention" in told(run, "43a")
    assert "Nennspannung" in told(run, "27", "--language", "de")
