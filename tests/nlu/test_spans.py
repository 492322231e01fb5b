"""Which days a question is about, seen from Saturday, 21 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.spans import EVER, is_counted, span_of

TODAY = date(2026, 11, 21)
WORDS = [
    "desde", "hasta", "del", "al", "de", "entre", "y", "el", "la", "los", "últimos", "3", "31",
    "2024", "0", "99", "enero", "marzo", "año", "mes", "semana", "días", "pasado", "hace", "hoy",
    "lunes", "total", "en", "fin", "31/02", "2026-02-30",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "2026-11-01", "2026-11-30"),
        ("este mes", "2026-11-01", "2026-11-30"),
        ("hasta ahora", "2026-11-01", "2026-11-30"),
        ("para fin de mes", "2026-11-01", "2026-11-30"),
        ("con mayonesa", "2026-11-01", "2026-11-30"),
        ("entre pan y leche", "2026-11-01", "2026-11-30"),
        ("el mes pasado", "2026-10-01", "2026-10-31"),
        ("este mes y el mes pasado", "2026-10-01", "2026-11-30"),
        ("hace dos meses", "2026-09-01", "2026-09-30"),
        ("en octubre", "2026-10-01", "2026-10-31"),
        ("en diciembre", "2025-12-01", "2025-12-31"),
        ("en marzo de 2024", "2024-03-01", "2024-03-31"),
        ("marzo del año pasado", "2025-03-01", "2025-03-31"),
        ("en enero y febrero", "2026-01-01", "2026-02-28"),
        ("enero y febrero de 2024", "2024-01-01", "2024-02-29"),
        ("noviembre y diciembre", "2025-11-01", "2025-12-31"),
        ("de enero a marzo", "2026-01-01", "2026-03-31"),
        ("de noviembre a enero", "2025-11-01", "2026-01-31"),
        ("este año", "2026-01-01", "2026-12-31"),
        ("en lo que va del año", "2026-01-01", "2026-12-31"),
        ("el año pasado", "2025-01-01", "2025-12-31"),
        ("en 2024", "2024-01-01", "2024-12-31"),
        ("esta semana", "2026-11-16", "2026-11-22"),
        ("la semana pasada", "2026-11-09", "2026-11-15"),
        ("hace 2 semanas", "2026-11-02", "2026-11-08"),
        ("el fin de semana", "2026-11-21", "2026-11-22"),
        ("en los últimos 7 días", "2026-11-15", "2026-11-21"),
        ("las últimas dos semanas", "2026-11-08", "2026-11-21"),
        ("los últimos tres meses", "2026-08-22", "2026-11-21"),
        ("desde el lunes", "2026-11-16", "2026-11-21"),
        ("en comida desde marzo", "2026-03-01", "2026-11-21"),
        ("desde el 5 de noviembre", "2026-11-05", "2026-11-21"),
        ("del 1 al 10 de marzo", "2026-03-01", "2026-03-10"),
        ("entre el 1 y el 10", "2026-11-01", "2026-11-10"),
        ("desde enero hasta ayer", "2026-01-01", "2026-11-20"),
        ("ayer", "2026-11-20", "2026-11-20"),
        ("ayer y hoy", "2026-11-20", "2026-11-21"),
        ("hace 3 días", "2026-11-18", "2026-11-18"),
        ("el 5 de octubre", "2026-10-05", "2026-10-05"),
        ("el 5 de octubre de este año", "2026-10-05", "2026-10-05"),
        ("en total", EVER.isoformat(), "2026-11-21"),
        ("en total este mes", "2026-11-01", "2026-11-30"),
    ],
)
def test_a_question_is_about_a_span(text: str, first: str, last: str) -> None:
    span = span_of(f"cuánto gasté {text}", TODAY)

    assert span == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "esta quincena", "el trimestre pasado", "en el verano", "los lunes", "enero y marzo",
        "el lunes y el jueves", "antes de marzo", "hasta marzo", "la semana antepasada",
        "en navidad", "los últimos 9999 años", "de marzo a marzo de 2024 y ayer",
    ],
)  # fmt: skip
def test_other_days_are_never_put_in_the_place_of_what_is_not_understood(text: str) -> None:
    assert span_of(f"cuánto gasté {text}", TODAY) is None


def test_the_last_movements_are_no_days() -> None:
    assert is_counted("gastos de los últimos 7 días")
    assert not is_counted("mis últimos movimientos")


@given(st.text(), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_any_text_is_read_on_any_day(text: str, today: date) -> None:
    span = span_of(text, today)

    assert span is None or span[0] <= span[1]


@given(st.lists(st.sampled_from(WORDS)))
def test_any_row_of_words_of_time_is_read(words: list[str]) -> None:
    span = span_of(" ".join(words), TODAY)

    assert span is None or span[0] <= span[1]
