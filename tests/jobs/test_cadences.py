from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cadences import CadenceSettings
from config.settings import JobSettings
from jobs.cadences import DAYS, Cadence, Every, days_of, midnight, of_settings, weekly_dataset
from learning.weeks import end_of, week_of

SANTIAGO = ZoneInfo("America/Santiago")
MOMENTS = st.datetimes(
    datetime(2000, 1, 3), datetime(2100, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001  bounds
)  # fmt: skip
DATASETS = weekly_dataset(JobSettings())
FACTS, REPORT, *_ = of_settings(CadenceSettings(), SANTIAGO)


def there(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SANTIAGO)


@given(MOMENTS, st.integers(0, 400), st.integers(0, 6), st.integers(0, 23))
def test_each_week_is_due_once_and_only_after_its_end(
    first: datetime, days: int, weekday: int, hour: int
) -> None:
    now = first + timedelta(days=days)
    weeks = Cadence("dataset", "week", hour, weekday, most=100).due(first, now)
    assert weeks == sorted(set(weeks), key=end_of)
    assert all(end_of(week) + timedelta(days=weekday, hours=hour) <= now for week in weeks)
    assert not weeks or weeks[0] == week_of(first)
    next_end = end_of(weeks[-1] if weeks else week_of(first - timedelta(weeks=1)))
    assert next_end + timedelta(weeks=1, days=weekday, hours=hour) > now


def test_a_year_may_have_fifty_three_weeks() -> None:
    first, now = datetime(2026, 12, 22, tzinfo=UTC), datetime(2027, 1, 11, 3, tzinfo=UTC)
    assert DATASETS.due(first, now) == ["2026-W52", "2026-W53", "2027-W01"]


def test_catching_up_is_bounded_to_the_newest_weeks() -> None:
    first, now = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert replace(DATASETS, most=2).due(first, now) == ["2026-W46", "2026-W47"]


@given(MOMENTS, st.integers(0, 120), st.sampled_from(["day", "fortnight"]))
def test_periods_follow_one_another_without_a_gap(first: datetime, days: int, every: Every) -> None:
    """Whatever the clocks do there."""
    cadence = Cadence("x", every, hour=4, zone=SANTIAGO, most=1000)
    now = first + timedelta(days)
    spans = [days_of(period) for period in cadence.due(first, now)]
    assert all((last - begin).days + 1 == DAYS[every] for begin, last in spans)
    assert [begin for begin, _ in spans[1:]] == [last + timedelta(1) for _, last in spans[:-1]]
    assert all(
        midnight(last + timedelta(1), SANTIAGO) + timedelta(hours=3) <= now for _, last in spans
    )
    if spans:
        begin, last = spans[0]
        assert midnight(begin, SANTIAGO) <= first < midnight(last + timedelta(1), SANTIAGO)


def test_a_day_is_due_at_its_hour_by_the_clock_of_the_shop() -> None:
    first = there(2026, 11, 19, 12)
    assert FACTS.due(first, there(2026, 11, 21, 3, 59)) == ["2026-11-19"]
    assert FACTS.due(first, there(2026, 11, 21, 4)) == ["2026-11-19", "2026-11-20"]
    utc = replace(FACTS, zone=UTC)
    assert utc.due(first, there(2026, 11, 21, 1)) == ["2026-11-19", "2026-11-20"]


@pytest.mark.parametrize(
    ("night", "hour", "due"),
    [
        # In Santiago the clocks jump from 0:00 to 1:00 on 6 September, and from 24:00 back to
        # 23:00 on 4 April 2026.
        (date(2026, 9, 6), 0, datetime(2026, 9, 6, 4, tzinfo=UTC)),
        (date(2026, 9, 6), 4, datetime(2026, 9, 6, 7, tzinfo=UTC)),
        (date(2026, 4, 5), 0, datetime(2026, 4, 5, 4, tzinfo=UTC)),
    ],
)
def test_a_change_of_the_clocks_makes_no_day_twice_and_leaves_none_out(
    night: date, hour: int, due: datetime
) -> None:
    cadence, first = replace(FACTS, hour=hour), due - timedelta(days=1, hours=3)
    yesterday = (night - timedelta(1)).isoformat()
    before, after = cadence.due(first, due - timedelta(seconds=1)), cadence.due(first, due)
    assert yesterday not in before
    assert after == [*before, yesterday]


def test_a_fortnight_begins_every_other_monday_across_the_years() -> None:
    every = replace(REPORT, most=4)
    periods = every.due(there(2026, 11, 24, 12), there(2027, 1, 19, 12))
    assert periods == ["2026-11-23/14", "2026-12-07/14", "2026-12-21/14", "2027-01-04/14"]
    assert all(days_of(period)[0].weekday() == 0 for period in periods)


def test_of_missed_reports_only_the_newest_is_due_and_of_missed_days_each() -> None:
    first, now = there(2026, 9, 7, 12), there(2026, 11, 24, 12)
    assert REPORT.due(first, now) == ["2026-11-09/14"]
    assert len(FACTS.due(first, now)) == 78
    assert len(FACTS.due(first, now + timedelta(365))) == 92


def test_a_report_waits_for_its_hour() -> None:
    first = there(2026, 11, 9, 12)
    assert REPORT.due(first, there(2026, 11, 23, 8, 59)) == []
    assert REPORT.due(first, there(2026, 11, 23, 9)) == ["2026-11-09/14"]


def test_what_is_not_wanted_is_never_due() -> None:
    """The summary of a week is wanted by people, each for themselves."""
    left = of_settings(CadenceSettings(facts=False, report=False, risk=False), UTC)
    assert [one.name for one in left if one.of != "readers"] == []
