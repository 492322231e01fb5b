from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.errors import PeriodInvalid
from learning.weeks import WEEK, closed_weeks, end_of, week_of

MOMENTS = st.datetimes(
    datetime(2000, 1, 3), datetime(2100, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001  bounds
)  # fmt: skip


@given(MOMENTS)
def test_a_moment_lies_in_its_week(moment: datetime) -> None:
    end = end_of(week_of(moment))
    assert end - WEEK <= moment < end


@given(MOMENTS, st.integers(0, 400), st.integers(0, 6), st.integers(0, 23))
def test_each_week_is_due_once_and_only_after_its_end(
    first: datetime, days: int, weekday: int, hour: int
) -> None:
    now = first + timedelta(days=days)
    weeks = closed_weeks(first, now, weekday=weekday, hour=hour, most=100)
    assert weeks == sorted(set(weeks), key=end_of)
    assert all(end_of(week) + timedelta(days=weekday, hours=hour) <= now for week in weeks)
    assert not weeks or weeks[0] == week_of(first)
    next_end = end_of(weeks[-1]) + WEEK if weeks else end_of(week_of(first))
    assert next_end + timedelta(days=weekday, hours=hour) > now


def test_a_year_may_have_fifty_three_weeks() -> None:
    first = datetime(2026, 12, 22, tzinfo=UTC)
    now = datetime(2027, 1, 11, 3, tzinfo=UTC)
    assert closed_weeks(first, now, weekday=0, hour=3, most=9) == [
        "2026-W52", "2026-W53", "2027-W01",
    ]  # fmt: skip


def test_catching_up_is_bounded_to_the_newest_weeks() -> None:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert closed_weeks(first, now, weekday=0, hour=3, most=2) == ["2026-W46", "2026-W47"]


@pytest.mark.parametrize("period", ["2026-W54", "2025-W53", "2026-W00", "2026-47", "../../etc", ""])
def test_what_is_no_week_is_refused(period: str) -> None:
    with pytest.raises(PeriodInvalid, match="a week is written like 2026-W47"):
        end_of(period)
