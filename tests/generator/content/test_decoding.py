"""Characters that hide from a reviewer, and those that only look odd."""

import pytest

from generator.content.decoding import hidden_in


@pytest.mark.parametrize(
    "character", "\x07\x9f\u061c\u200b\u202e\u2028\u2063\u2066\u206e\ufeff\ufffb\U000e0041"
)
def test_what_nobody_sees_is_found(character: str) -> None:
    assert list(hidden_in(f"A{character}1")) == [1]


@pytest.mark.parametrize("text", ["Größe\tΩ °C", "नमस्ते\u200c", "👩\u200d🔧", "50\u202f000\u00a0kg"])
def test_what_people_write_is_not(text: str) -> None:
    assert list(hidden_in(text)) == []
