"""Opening hours as people type them into fields, and the fields as the settings have them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.manners import HoursSettings
from config.opening import CLOSED, DAY, spans_of, week_of

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES: Final = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
HOLIDAYS: Final = 100
_SPAN: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:hrs?|h)?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*(?:-|–|—|\ba\b|\bhasta\b|\bto\b)\s*", re.IGNORECASE)
_APART: Final = re.compile(r"\s*(?:,|;|/|\by\b|\band\b)\s*", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


class BadHours(ValueError):
    """Nobody can tell when that is; the message is what stands before a page's explanation."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """`days` begin on Monday, each as it stands in its field; `always`: no hours were chosen."""

    days: tuple[str, ...]
    holidays: tuple[date, ...]
    always: bool


def timetable(hours: HoursSettings) -> Timetable:
    week = week_of(hours.week)
    days = tuple(", ".join(map(_shown, week.get(day, ()))) for day in range(len(DAYS)))
    always = not hours.week
    return Timetable(("",) * len(DAYS) if always else days, hours.holidays, always)


def _shown(span: tuple[int, int]) -> str:
    start, end = (minutes if minutes <= DAY else minutes - DAY for minutes in span)
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def week_typed(days: Sequence[str]) -> Mapping[str, str]:
    """ "9 a 13 y 15:00 a 19:00" → "09:00-13:00,15:00-19:00"; an empty day is closed. Raises
    BadHours with the day's name."""
    found = {}
    for day, name, typed in zip(DAYS, NAMES, days, strict=True):
        try:
            found[day] = _day(typed)
            spans_of(found[day])
        except ValueError as error:
            raise BadHours(name) from error
    return found


def _day(typed: str) -> str:
    if typed.strip().lower() in CLOSED:
        return "closed"
    return ",".join(map(_spell, filter(None, _APART.split(typed.strip()))))


def _spell(typed: str) -> str:
    ends = _BETWEEN.split(typed.strip())
    start, end = (_moment(one) for one in ends) if len(ends) == 2 else ("", "")  # noqa: PLR2004
    if not start:
        raise ValueError(typed)
    return f"{start}-{end}"


def _moment(typed: str) -> str:
    found = _SPAN.fullmatch(typed.strip())
    if found is None:
        raise ValueError(typed)
    return f"{int(found[1]):02}:{found[2] or '00'}"


def days_off(typed: str) -> tuple[date, ...]:
    """One a line, day first or as calendars write them. Raises BadHours with what is no day."""
    words = re.split(r"[\s,;]+", typed.strip())
    found = sorted({_date(word) for word in words if word})
    if len(found) > HOLIDAYS:
        raise BadHours(str(len(found)))
    return tuple(found)


def _date(word: str) -> date:
    told = _DATE.fullmatch(word)
    try:
        if told is not None:
            return date(int(told[3]), int(told[2]), int(told[1]))
        return date.fromisoformat(word)
    except ValueError as error:
        raise BadHours(word) from error
