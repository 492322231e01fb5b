"""Days as they are said, seen from Friday, 20 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dates import day_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoy", "2026-11-20"),
        ("ayer", "2026-11-19"),
        ("anteayer", "2026-11-18"),
        ("antes de ayer", "2026-11-18"),
        ("anoche", "2026-11-19"),
        ("esta mañana", "2026-11-20"),
        ("mañana", "2026-11-21"),
        ("pasado mañana", "2026-11-22"),
        ("el lunes", "2026-11-16"),
        ("el viernes", "2026-11-20"),
        ("el viernes pasado", "2026-11-13"),
        ("para el lunes", "2026-11-23"),
        ("el 5", "2026-11-05"),
        ("el 25", "2026-10-25"),
        ("hasta el 5", "2026-12-05"),
        ("5 de marzo", "2026-03-05"),
        ("antes del 5 de marzo", "2027-03-05"),
        ("5 de marzo de 2025", "2025-03-05"),
        ("12/03", "2026-03-12"),
        ("12-03-2025", "2025-03-12"),
        ("2026-10-01", "2026-10-01"),
        ("la semana pasada", "2026-11-13"),
        ("hace tres días", "2026-11-17"),
        ("hace 2 semanas", "2026-11-06"),
        ("en 6 meses", "2027-05-20"),
        ("para diciembre", "2026-12-31"),
        ("antes de marzo", "2027-02-28"),
        ("a fin de mes", "2026-11-30"),
        ("para navidad", "2026-12-25"),
    ],
)
def test_a_day_is_found(text: str, day: str) -> None:
    assert day_of(f"pan {text}", TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["31/02", "el 5 lucas", "no llego a fin de mes", "", "el 31 de junio"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text, TODAY) is None


@given(st.text(), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_any_text_is_read_on_any_day(text: str, today: date) -> None:
    assert day_of(text, today) is None or day_of(text, today) == day_of(text, today)
