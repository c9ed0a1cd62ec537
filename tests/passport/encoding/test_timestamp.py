"""Points in time have one spelling, the same in every time zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError

TIME = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_a_time_is_read_back() -> None:
    assert time_text(TIME) == "2026-11-22T09:30:00Z"
    assert parse_time("2026-11-22T09:30:00Z") == TIME


def test_another_zone_is_the_same_time() -> None:
    zone = timezone(timedelta(hours=2))
    assert time_text(TIME.astimezone(zone).replace(microsecond=7)) == "2026-11-22T09:30:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026-11-22T09:30:00",
        "2026-11-22T09:30:00+00:00",
        "2026-11-22T09:30:00.0Z",
        "2026-11-22t09:30:00z",
        "2026-11-22 09:30:00Z",
        "2026-11-22T09:30:00Z\n",
        "",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T09:30:60Z",
        "٢٠٢٦-11-22T09:30:00Z",
    ],
)
def test_another_spelling_is_no_point_in_time(text: str) -> None:
    with pytest.raises(VerificationError, match="no point in time"):
        parse_time(text)


def test_a_day_that_is_none_needs_no_other_spelling() -> None:
    with pytest.raises(VerificationError, match=r"is no point in time$"):
        parse_time("2026-02-30T09:30:00Z")
