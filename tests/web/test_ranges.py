"""Which days a page is about."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.manners import HoursSettings
from config.opening import week_of
from web.ranges import LONGEST_D, Asked, before, buckets, is_always_open, open_hours, scope_of

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
"""Still the twentieth in Santiago."""
DATES = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days=st.integers(1, LONGEST_D), first=DATES, last=DATES)
def test_a_span_is_never_longer_than_allowed_and_never_in_the_future(
    days: int, first: date | None, last: date | None
) -> None:
    begin, end = Asked(days, first, last).span(TODAY)

    assert begin <= end
    assert (end - begin).days < LONGEST_D
    assert end <= TODAY


def test_days_are_those_of_the_shops_clock_and_the_ones_before_are_as_many() -> None:
    scope = scope_of(Asked(7), UUID(int=1), NOW, HoursSettings())
    earlier = before(scope)

    assert (scope.first, scope.last) == (date(2026, 11, 14), TODAY)
    assert scope.began == datetime(2026, 11, 14, tzinfo=ZoneInfo("America/Santiago"))
    assert (earlier.first, earlier.last) == (date(2026, 11, 7), date(2026, 11, 13))
    assert earlier.ended == scope.began


@pytest.mark.parametrize(("days", "columns"), [(7, 7), (30, 30), (90, 14), (365, 13)])
def test_there_are_so_many_columns_that_one_can_see_them(days: int, columns: int) -> None:
    asked = Asked(days)
    scope = scope_of(asked, UUID(int=1), NOW, HoursSettings())

    assert len(buckets(scope, asked.bucket(TODAY))) == columns


def test_an_hour_counts_when_the_shop_is_open_in_any_of_it_also_past_midnight() -> None:
    week = week_of({"mon": "09:30-11:15", "sun": "23:00-01:00"})

    assert open_hours(week) == (0, 9, 10, 11, 6 * 24 + 23)
    assert is_always_open(HoursSettings())
    assert not is_always_open(HoursSettings(week={"mon-fri": "09:00-18:00"}))


def test_an_address_says_only_what_is_not_usual() -> None:
    assert Asked().query() == ""
    asked = Asked(7, grouping="dia", channel="web", only_open=True)
    assert asked.query(por="cliente") == "?dias=7&grupo=dia&canal=web&horario=si&por=cliente"
    assert Asked(first=TODAY).query(dias=90, desde="") == "?dias=90"
