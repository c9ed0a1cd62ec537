"""Every line of the requirements has a test that names it, and the table in docs/ shows both."""

from tests.requirements import PAGE, marked_tests, page, requirements


def test_every_requirement_has_a_test() -> None:
    held = {each.requirement for each in marked_tests()}
    assert sorted(requirements().keys() - held) == []


def test_every_mark_names_a_requirement() -> None:
    unknown = [each for each in marked_tests() if each.requirement not in requirements()]
    assert unknown == []


def test_the_table_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"
