"""`cellfolio datapoints` prints the registry as a person or a program asks for it."""

import json

from click.testing import CliRunner

from generator.cli.main import cli
from passport.registry import registry


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["datapoints", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_lists_every_data_point_with_its_number() -> None:
    points = json.loads(_run("--json"))["data_points"]

    assert [point["key"] for point in points] == [p.key for p in registry().data_points]
    assert {"43a", "43f", "48a", "48f", "1", "71"} <= {point["number"] for point in points}


def test_words_and_options_narrow_the_list() -> None:
    points = json.loads(_run("voltage", "--group", "xiii-1", "--json"))["data_points"]

    assert {point["key"] for point in points} == {
        "minimum_voltage",
        "nominal_voltage",
        "maximum_voltage",
    }
    assert all(point["unit"] == "V" for point in points)


def test_a_number_finds_its_data_point() -> None:
    assert "end_user_waste_prevention" in _run("43a")


def test_labels_come_in_german() -> None:
    assert "Nennspannung" in _run("27", "--language", "de")
