"""Where a problem is, in one line whatever a file is called."""

from passport.problems import Place


def test_a_name_of_a_file_is_one_line() -> None:
    """What CI prints in a line of its own may be a command, and marks turn text around."""
    place = Place("content/a\n::warning::b \u202egpj.\udcff.yaml", 3)
    assert str(place) == "content/a\\n::warning::b \\u202egpj.\\udcff.yaml:3:1"
    assert str(Place("content/größe 1/ü.yaml")) == "content/größe 1/ü.yaml:1:1"
