"""Reasons of changes: a code of the list, and free text behind it."""

import pytest

from passport.change_reason import ChangeReason
from passport.errors import ValueFormatError


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("corrected-value", ChangeReason("corrected-value")),
        (" new-value : measured anew ", ChangeReason("new-value", "measured anew")),
        ("other: as the court ruled: twice", ChangeReason("other", "as the court ruled: twice")),
        ("changed-keys:", ChangeReason("changed-keys")),
    ],
)
def test_it_is_read(line: str, reason: ChangeReason) -> None:
    assert ChangeReason.parse(line) == reason
    assert ChangeReason.parse(str(reason)) == reason


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "'' is no reason of the list"),
        ("because", "'because' is no reason of the list: begin it with corrected-value or new-"),
        ("Corrected-Value", "is no reason of the list"),
        ("other", "the reason other says nothing"),
        ("other: ", "the reason other says nothing"),
        (f"new-value: {'a' * 201}", "the reason has 201 characters"),
        ("new-value: a\x1b[2J", "or hidden ones"),
    ],
)
def test_anything_else_is_refused(line: str, told: str) -> None:
    with pytest.raises(ValueFormatError) as caught:
        ChangeReason.parse(line)
    assert told in str(caught.value)
