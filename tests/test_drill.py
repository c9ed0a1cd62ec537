"""The drill works, and docs/continuity.md shows what it prints."""

from tests.drill import in_new_folder, plain, written


def test_the_drill_works_and_the_page_has_its_transcript() -> None:
    printed = in_new_folder()
    assert "answers as before" in printed
    assert plain(printed) == plain(written()), "run `python -m tests.drill --write`"
