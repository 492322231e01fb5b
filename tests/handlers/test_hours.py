"""When people are there, and how it is said."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from config.manners import HoursSettings
from handlers.hours import hours_of, opening

SHOP = HoursSettings(
    timezone="America/Santiago",
    week={"mon-fri": "09:00-13:00,15:00-19:00", "sat": "10:00-14:00", "sun": "cerrado"},
    holidays=(date(2026, 5, 21), date(2026, 12, 25)),
)
CHILE = ZoneInfo("America/Santiago")


def at(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    """The 4th of May 2026 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=CHILE)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (at(4, 8, 59), False),
        (at(4, 9), True),
        (at(4, 13), False),
        (at(4, 14, 30), False),
        (at(4, 18, 59), True),
        (at(4, 19), False),
        (at(9, 11), True),
        (at(9, 15), False),
        (at(10, 11), False),
        (at(21, 11), False),
        (at(25, 11, month=12), False),
    ],
)
def test_people_are_there_within_the_week_and_on_no_holiday(
    moment: datetime, *, there: bool
) -> None:
    assert hours_of(SHOP).is_open(moment) is there
    assert hours_of(SHOP).is_open(moment.astimezone(UTC)) is there


@pytest.mark.parametrize(
    ("moment", "spanish", "english"),
    [
        (at(4, 7), "hoy a las 9:00", "today at 9:00"),
        (at(4, 13, 30), "hoy a las 15:00", "today at 15:00"),
        (at(4, 20), "mañana a las 9:00", "tomorrow at 9:00"),
        (at(8, 23), "mañana a las 10:00", "tomorrow at 10:00"),
        (at(9, 16), "el lunes a las 9:00", "on Monday at 9:00"),
        (at(20, 20), "el viernes a las 9:00", "on Friday at 9:00"),
        (at(4, 10), "hoy a las 10:00", "today at 10:00"),
    ],
)
def test_the_next_opening_is_said_as_people_say_it(
    moment: datetime, spanish: str, english: str
) -> None:
    hours = hours_of(SHOP)
    opens = hours.opens_next(moment)
    assert opens is not None
    assert hours.spoken(opens, moment) == spanish
    assert hours.spoken(opens, moment, "en") == english


def test_a_day_far_away_is_named_with_its_date() -> None:
    away = SHOP.model_copy(update={"holidays": tuple(date(2026, 5, day) for day in range(4, 15))})
    hours = hours_of(away)
    opens = hours.opens_next(at(4, 8))
    assert opens == at(15, 9)
    assert hours.spoken(opens, at(4, 8)) == "el viernes 15 de mayo a las 9:00"
    assert hours.spoken(opens, at(4, 8), "en") == "on Friday 15 May at 9:00"
    one = HoursSettings(week={"fri": "01:30-02:00"})
    assert hours_of(one).spoken(at(8, 1, 30), at(4, 8)) == "el viernes a la 1:30"


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    night = HoursSettings(week={"vie-sáb": "20:00-02:00"}, holidays=(date(2026, 5, 9),))
    hours = hours_of(night)
    assert hours.is_open(at(8, 23))
    assert hours.is_open(at(9, 1, 59)), "Friday's night, on the holiday"
    assert not hours.is_open(at(9, 20))
    assert not hours.is_open(at(10, 1)), "no night began on the holiday"


def test_nothing_written_is_always_but_for_the_holidays() -> None:
    assert hours_of(HoursSettings()).is_open(at(10, 3))
    feast = HoursSettings(holidays=(date(2026, 5, 21),))
    assert not hours_of(feast).is_open(at(21, 12))
    assert hours_of(feast).opens_next(at(21, 12)) == at(22, 0)


def test_a_week_without_an_hour_never_opens() -> None:
    assert hours_of(HoursSettings(week={"mon-sun": "closed"})).opens_next(at(4, 9)) is None


def test_the_clock_on_the_wall_counts_when_it_is_changed() -> None:
    """Chile's clocks went back in the night before the 5th of April 2026."""
    early = HoursSettings(week={"mon-sun": "09:00-10:00"})
    opens = hours_of(early).opens_next(at(4, 12, month=4))
    assert opens == datetime(2026, 4, 5, 13, tzinfo=UTC)
    assert hours_of(early).opens_next(at(3, 12, month=4)) == datetime(2026, 4, 4, 12, tzinfo=UTC)


def test_other_hours_go_by_the_clock_and_the_holidays_of_the_shop() -> None:
    other = opening(SHOP, {"mon-sat": "09:00-20:00"})
    assert other.is_open(at(4, 14))
    assert other.opens_next(at(20, 21)) == at(22, 9)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"timezone": "Chile"}, "'Chile' is no time zone"),
        ({"timezone": "../etc/passwd"}, "is no time zone"),
        ({"week": {"mon-fry": "09:00-18:00"}}, "'fry' is no day"),
        ({"week": {"mon": "9 to 18"}}, "hours are written 09:00-18:00"),
        ({"week": {"mon": "09:00-25:00"}}, "there is no such time"),
        ({"week": {"mon": "09:00-09:00"}}, "all day is 00:00-24:00"),
        ({"week": {"mon": "09:00-14:00,13:00-18:00"}}, "its spans overlap"),
        ({"week": {"mon-fri": "09:00-18:00", "wed": "09:00-13:00"}}, "wed stands twice"),
    ],
)
def test_what_is_written_wrong_is_told_when_the_settings_are_read(
    section: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        HoursSettings.model_validate(section)
    assert told in str(refused.value)
