"""Days as they are told."""

from datetime import date

import pytest

from text.days import month_said, said

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "spanish", "english"),
    [
        ("2026-11-20", "hoy", "today"),
        ("2026-11-19", "ayer", "yesterday"),
        ("2026-11-18", "anteayer", "November 18"),
        ("2026-11-21", "mañana", "tomorrow"),
        ("2026-03-05", "el 5 de marzo", "March 5"),
        ("2027-01-02", "el 2 de enero de 2027", "January 2 2027"),
    ],
)
def test_a_day_is_said(day: str, spanish: str, english: str) -> None:
    assert said(date.fromisoformat(day), TODAY, "es") == spanish
    assert said(date.fromisoformat(day), TODAY, "en") == english


def test_a_month_is_said() -> None:
    assert month_said(TODAY, TODAY, "es") == "noviembre"
    assert month_said(TODAY, TODAY, "en") == "November"


def test_a_month_of_another_year_is_said_with_it() -> None:
    then = TODAY.replace(year=2024)
    assert month_said(then, TODAY, "es") == "noviembre de 2024"
    assert month_said(then, TODAY, "en") == "November 2024"
