"""Which day a text means, seen from the day it was written on: `ayer`, `el lunes`, `12/03`."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from text.folding import fold

Found: TypeAlias = date | None


@dataclass(frozen=True, slots=True)
class Here:
    """The day of the text, and whether it speaks of days to come."""

    today: date
    ahead: bool


MONTHS: Final = {
    name: number
    for number, name in enumerate(
        (
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
            "octubre", "noviembre", "diciembre",
        ),
        1,
    )
} | {"setiembre": 9}  # fmt: skip
_MONTH: Final = "|".join(MONTHS)
DAYS: Final = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_FEASTS: Final = {"navidad": (12, 25), "ano nuevo": (12, 31), "fiestas patrias": (9, 18)}
_NUMBERS: Final = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}
_NUMBER: Final = rf"[0-9]{{1,2}}|{'|'.join(_NUMBERS)}"
_WEEK: Final = 7
_SPANS: Final = "dias?|semanas?|mes(?:es)?|anos?"
_NO_DAY: Final = r"(?! ?(?:lu[ck]as?|mil|k|palos?|%|pesos|uf|de [a-z]))"
_NAMED: Final = {
    "anteayer": -2, "antier": -2, "antes de ayer": -2, "ayer": -1, "anoche": -1, "hoy": 0,
    "esta manana": 0, "esta tarde": 0, "esta noche": 0, "pasado manana": 2, "manana": 1,
}  # fmt: skip
_TO_COME: Final = re.compile(
    r"\b(?:para|pa|antes del?|hasta|a mas tardar|de aqui a|proximo|proxima|que viene|plazo)\b"
    r"(?!.*\b(?:pague|gaste|compre|pagaron)\b)"
)
"""A day after these is one to come, as that of a goal; otherwise it is over, as an expense is."""


def day_of(text: str, today: date) -> date | None:
    """The first day a text names; None where it names none, or one that does not exist."""
    folded = fold(text)
    here = Here(today, _TO_COME.search(folded) is not None)
    for pattern, read in _READ:
        match = pattern.search(folded)
        if match is not None and (found := read(match, here)) is not None:
            return found
    return None


def month_of(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _named(match: re.Match[str], here: Here) -> Found:
    return here.today + timedelta(days=_NAMED[match[1]])


def _last_week(_match: re.Match[str], here: Here) -> Found:
    return here.today - timedelta(days=_WEEK)


def _ago(match: re.Match[str], here: Here) -> Found:
    count = counted(match[1])
    return here.today - timedelta(days=count * (_WEEK if match[2].startswith("semana") else 1))


def _within(match: re.Match[str], here: Here) -> Found:
    count, unit = counted(match[1]), match[2]
    if unit.startswith("mes"):
        return months_on(here.today, count)
    if unit.startswith("ano"):
        return months_on(here.today, 12 * count)
    return here.today + timedelta(days=count * (_WEEK if unit.startswith("semana") else 1))


def _numeric(match: re.Match[str], here: Here) -> Found:
    return placed(here.today, int(match[2]), int(match[1]), ahead=here.ahead, year=match[3])


def _spelled(match: re.Match[str], here: Here) -> Found:
    return placed(here.today, MONTHS[match[2]], int(match[1]), ahead=here.ahead, year=match[3])


def _iso(match: re.Match[str], _here: Here) -> Found:
    return real(int(match[1]), int(match[2]), int(match[3]))


def _weekday(match: re.Match[str], here: Here) -> Found:
    wanted = DAYS.index(match[1])
    back = (here.today.weekday() - wanted) % _WEEK
    if match[2]:
        return here.today - timedelta(days=back or _WEEK)
    return (
        here.today + timedelta(days=-back % _WEEK or _WEEK)
        if here.ahead
        else here.today - timedelta(days=back)
    )


def _of_the_month(match: re.Match[str], here: Here) -> Found:
    """`el 5`: of this month, or of the one before or after it."""
    today, day = here.today, int(match[1])
    found = real(today.year, today.month, day)
    if found is None or (found < today if here.ahead else found > today):
        first, last = month_of(today)
        other = last + timedelta(days=1) if here.ahead else first - timedelta(days=1)
        return real(other.year, other.month, day)
    return found


def _feast(match: re.Match[str], here: Here) -> Found:
    month, day = _FEASTS[match[1]]
    return placed(here.today, month, day, ahead=True)


def _end_of_month(_match: re.Match[str], here: Here) -> Found:
    return month_of(here.today)[1]


def _end_of_year(_match: re.Match[str], here: Here) -> Found:
    return date(here.today.year, 12, 31)


def _month_to_come(match: re.Match[str], here: Here) -> Found:
    """`para diciembre` is until its end, `antes de diciembre` until its eve."""
    first = placed(here.today, MONTHS[match[2]], 1, ahead=True)
    if first is None:
        return None
    if match[1].startswith("antes"):
        return first - timedelta(days=1)
    return month_of(first)[1]


def placed(today: date, month: int, day: int, *, ahead: bool, year: str | None = None) -> Found:
    """The nearest such day that is over, or to come."""
    if year:
        return real(int(year) if len(year) > 2 else 2000 + int(year), month, day)  # noqa: PLR2004  two digits
    here = real(today.year, month, day)
    if here is None:
        return None
    if ahead and here < today:
        return real(today.year + 1, month, day)
    return real(today.year - 1, month, day) if not ahead and here > today else here


def months_on(today: date, count: int) -> date:
    month = today.month - 1 + count
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def real(year: int, month: int, day: int) -> Found:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def counted(said: str) -> int:
    return _NUMBERS.get(said) or int(said)


_READ: Final[list[tuple[re.Pattern[str], Callable[[re.Match[str], Here], Found]]]] = [
    (re.compile(r"(?<![0-9-])(20[0-9]{2})-([01][0-9])-([0-3][0-9])(?![0-9])"), _iso),
    (
        re.compile(r"(?<![0-9./$-])([0-3]?[0-9])[/-]([01]?[0-9])(?:[/-]((?:20)?[0-9]{2}))?(?![0-9/%])"),
        _numeric,
    ),
    (re.compile(rf"\b([0-3]?[0-9]) (?:de )?({_MONTH})\b(?: del? (20[0-9]{{2}}))?"), _spelled),
    (re.compile(rf"(?<!la )\b({'|'.join(_NAMED)})\b"), _named),
    (re.compile(rf"\b(?:el|este|la) ({'|'.join(DAYS)})\b( pasado)?"), _weekday),
    (re.compile(rf"\bhace ({_NUMBER}) (dias?|semanas?)\b"), _ago),
    (
        re.compile(rf"\b(?:en|dentro de|de aqui a) ({_NUMBER}) ({_SPANS})\b"),
        _within,
    ),
    (re.compile(r"\bsemana (?:pasada|anterior)\b"), _last_week),
    (re.compile(rf"\b({'|'.join(_FEASTS)})\b"), _feast),
    (
        re.compile(rf"\b(?:el|dia) ([0-3]?[0-9])\b{_NO_DAY}"),
        _of_the_month,
    ),
    (re.compile(rf"\b(para|pa|antes de|hasta|a) (?:el mes de )?({_MONTH})\b"), _month_to_come),
    (
        re.compile(r"\b(?<!llego a )(?<!llegar a )(?:fin|fines|final) de(?: este)? mes\b"),
        _end_of_month,
    ),
    (re.compile(r"\b(?:fin|fines|final) de(?: este)? ano\b"), _end_of_year),
]  # fmt: skip
