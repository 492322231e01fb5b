"""How a day is said to somebody who knows which day it is."""

from datetime import date
from typing import Final

_MONTHS: Final = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip
_NEAR: Final = {
    "es": {-2: "anteayer", -1: "ayer", 0: "hoy", 1: "mañana"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


def said(day: date, today: date, locale: str) -> str:
    """`hoy`, `el 5 de marzo`; with the year where it is another one."""
    language = "en" if locale == "en" else "es"
    near = _NEAR[language].get((day - today).days)
    if near is not None:
        return near
    month = _MONTHS[language][day.month - 1]
    year = "" if day.year == today.year else f" {day.year}"
    if language == "en":
        return f"{month} {day.day}{year}"
    return f"el {day.day} de {month}{year and f' de{year}'}"


def month_said(day: date, today: date, locale: str) -> str:
    """With the year where it is another one."""
    english = locale == "en"
    month = _MONTHS["en" if english else "es"][day.month - 1]
    return month if day.year == today.year else f"{month} {'' if english else 'de '}{day.year}"
