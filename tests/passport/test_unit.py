"""Art. 77(1): a row stands for one battery; counts, ranges, lists and sites are refused."""

import pytest

from passport.errors import ValueFormatError
from passport.unit import one_serial, refused_column

SENTENCE = "Art. 77(1): one passport for each battery placed on the market; list the batteries"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("A001-A050", "is a range of serial numbers"),
        ("T48-0001-T48-0050", "is a range of serial numbers"),
        ("A001..A050", "is a range of serial numbers"),
        ("A001 .. A050", "is a range of serial numbers"),
        ("A001 - A050", "is a range of serial numbers"),
        ("A001–A050", "is a range of serial numbers"),
        ("A001 to A050", "is a range of serial numbers"),
        ("A001 bis A050", "is a range of serial numbers"),
        ("0001-0050", "is a range of serial numbers"),
        ("A001-050", "is a range of serial numbers"),
        ("A001, A002", "lists several serial numbers"),
        ("A001;A002;A003", "lists several serial numbers"),
        ("A001 A002", "lists several serial numbers"),
        ("A001\nA002", "lists several serial numbers"),
        ("A001 (x40)", "counts batteries"),
        ("40 x A001", "counts batteries"),
    ],
)
@pytest.mark.requirement("R1.7")
def test_what_stands_for_several_is_refused(text: str, what: str) -> None:
    with pytest.raises(ValueFormatError) as refused:
        one_serial(text)
    assert str(refused.value) == f"{text!r} {what}: {SENTENCE}"


@pytest.mark.parametrize(
    "text",
    [
        "A001",
        "2647-0012",
        "2647-2650",
        "FM-T48-000123",
        "A050-A001",
        "A1-A100",
        "P05-12",
        "26/1234",
        "40X1",
        "1.2",
        "A,1",
    ],
)
def test_one_serial_number_is_let_through(text: str) -> None:
    assert one_serial(text) == text


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("quantity", "counts batteries"),
        ("Count", "counts batteries"),
        ("Number of batteries", "counts batteries"),
        ("Stückzahl", "counts batteries"),
        ("serial_from", "spans serial numbers"),
        ("serial-to", "spans serial numbers"),
        ("serials", "spans serial numbers"),
        ("site", "stands for all batteries of a place"),
    ],
)
@pytest.mark.requirement("R1.7")
def test_columns_that_stand_for_several_are_refused(name: str, how: str) -> None:
    assert str(refused_column(name)) == f"the column {name!r} {how}: {SENTENCE}"


@pytest.mark.parametrize("name", ["serial", "model", "plant", "installation", "colour"])
def test_other_columns_are_not_ours_to_refuse(name: str) -> None:
    assert refused_column(name) is None
