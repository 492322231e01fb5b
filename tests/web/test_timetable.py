"""Hours are understood as shopkeepers write them, and refused with what is wrong."""

from datetime import date

import pytest

from config.manners import HoursSettings
from web.timetable import BadHours, days_off, timetable, week_typed

CLOSED = [""] * 6


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("09:00-18:00", "09:00-18:00"),
        ("9 a 13 y 15:00 a 19:30", "09:00-13:00,15:00-19:30"),
        ("9.30–13 h, 15h – 20 hrs", "09:30-13:00,15:00-20:00"),
        ("20:00-02:00", "20:00-02:00"),
        ("  Cerrado ", "closed"),
        ("", "closed"),
    ],
)
def test_a_day_is_written_in_many_ways(typed: str, expected: str) -> None:
    assert week_typed([typed, *CLOSED])["mon"] == expected


@pytest.mark.parametrize("typed", ["9", "nueve a seis", "25:00-26:00", "9-18, 17-20", "9-10-11"])
def test_what_nobody_can_read_names_the_day(typed: str) -> None:
    with pytest.raises(BadHours, match="Martes"):
        week_typed(["", typed, *CLOSED[1:]])


def test_what_is_written_is_shown_again() -> None:
    week = week_typed(["9-13 y 15-19", "20-2", "0-24", *CLOSED[2:]])
    shown = timetable(HoursSettings(week=dict(week)))

    assert shown.days[:4] == ("09:00-13:00, 15:00-19:00", "20:00-02:00", "00:00-24:00", "")
    assert week_typed(shown.days) == week


def test_a_shop_without_hours_is_always_there() -> None:
    assert timetable(HoursSettings()).always


def test_holidays_are_written_day_first_or_as_calendars_do() -> None:
    found = days_off("25-12-2026\n1/1/2027, 2026-09-18 25-12-2026")

    assert found == (date(2026, 9, 18), date(2026, 12, 25), date(2027, 1, 1))
    for wrong in ("31-02-2026", "navidad"):
        with pytest.raises(BadHours, match=wrong):
            days_off(wrong)
