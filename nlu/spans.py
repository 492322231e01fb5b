"""Which days a question is about: `este mes`, `marzo de 2024`, `desde el 5`, `últimos 7 días`."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from nlu.dates import DAYS, MONTHS, counted, day_of, month_of, months_on, placed, real
from text.folding import fold
from text.numerals import figures

Span: TypeAlias = tuple[date, date]
Found: TypeAlias = Span | None
EVER: Final = date.min
"""The first day of what has no beginning."""
_WEEK_D: Final = 7
_YEAR_M: Final = 12
_MONTH: Final = "|".join(MONTHS)
_DAY: Final = "|".join(DAYS)
_NUMBER: Final = "[0-9]{1,3}|una?"
_YEAR: Final = r"20[0-9]{2}"
_PAST: Final = "pasad[oa]|anterior"

_DATE: Final = (
    rf"[0-3]?[0-9] de (?:{_MONTH})(?: del? {_YEAR})?|{_YEAR}-[01][0-9]-[0-3][0-9]"
    rf"|[0-3]?[0-9][/-][01]?[0-9](?:[/-](?:20)?[0-9]{{2}})?"
    rf"|(?:{_DAY})(?: pasado)?|anteayer|antier|antes de ayer|ayer|anoche|hoy"
)
_OF_YEAR: Final = (
    rf"(?: (?:del? )?(?:(?P<year>{_YEAR})|(?P<last>(?:el )?ano (?:{_PAST}))|este ano))?"
)
_MONTH_SAID: Final = rf"(?:el )?(?:mes de )?(?P<month>{_MONTH}){_OF_YEAR}"


def span_of(text: str, today: date) -> Found:
    """First and last day; this month, where no days are named. None where some are that are not
    understood: nobody is told a sum of other days than they asked for."""
    folded = _TILL_NOW.sub(" ", figures(fold(text)))
    for pattern, read in _WHOLE:
        match = pattern.search(folded)
        if match is not None:
            rest = f"{folded[: match.start()]} {folded[match.end() :]}"
            return None if _UNCLEAR.search(rest) or _mentioned(rest) else read(match, today)
    if _ALL.search(folded) and not _mentioned(folded):
        return EVER, today
    if _UNCLEAR.search(folded):
        return None
    return _joined(_mentioned(folded), today) if _mentioned(folded) else _day(text, today)


def is_counted(text: str) -> bool:
    """`los últimos 7 días` are days, `los últimos movimientos` are none."""
    return _LAST.search(figures(fold(text))) is not None


def _day(text: str, today: date) -> Found:
    day = day_of(text, today)
    if day is None or (today < day <= month_of(today)[1]):
        return month_of(today)
    return (day, day) if day <= today else None


def _mentioned(folded: str) -> list[str]:
    return [match[0] for match in _MENTION.finditer(folded)]


def _joined(said: Sequence[str], today: date) -> Found:
    """`enero y febrero` are one span, `el lunes de esta semana` is its day, what lies apart is
    none. The last one that is named is the nearest, those before it lead there."""
    found: list[Span] = []
    for one in reversed(said):
        near = found and found[0][1] < today and _PLACED.fullmatch(one)
        span = _one(one, found[0][1] if near else today)
        if span is None:
            return None
        found.insert(0, span)
    narrowest = min(found, key=lambda span: span[1] - span[0])
    if all(first <= narrowest[0] and narrowest[1] <= last for first, last in found):
        return narrowest
    found.sort()
    follows = all(one[1] + timedelta(days=1) == other[0] for one, other in pairwise(found))
    return (found[0][0], found[-1][1]) if follows else None


def _one(said: str, today: date) -> Found:
    for pattern, read in _NAMED:
        match = pattern.fullmatch(said)
        if match is not None:
            return read(match, today)
    day = day_of(f"el {said}", today)
    return (day, day) if day is not None else None


def _between(match: re.Match[str], today: date) -> Found:
    end = _one(match["to"], today)
    begin = _one(match["since"], min(end[1], today)) if end is not None else None
    if begin is None or end is None or begin[0] > end[1]:
        return None
    return begin[0], end[1]


def _since(match: re.Match[str], today: date) -> Found:
    begin = _one(match["since"], today)
    return (begin[0], today) if begin is not None and begin[0] <= today else None


def _last(match: re.Match[str], today: date) -> Found:
    """Counted back from today, which is one of them."""
    count, unit = counted(match["count"] or match["back"] or "1"), match["unit"]
    if unit.startswith(("dia", "semana")):
        days = count * (_WEEK_D if unit.startswith("semana") else 1)
        return _back(today, lambda: today - timedelta(days=days - 1))
    months = count * (_YEAR_M if unit.startswith("ano") else 1)
    return _back(today, lambda: months_on(today, -months) + timedelta(days=1))


def _ago(match: re.Match[str], today: date) -> Found:
    """The day, or the whole week, month or year that was then."""
    count, unit = counted(match["count"]), match["unit"]
    if unit.startswith("dia"):
        return today - timedelta(days=count), today - timedelta(days=count)
    if unit.startswith("ano"):
        return _of_year(today.year - count)
    if unit.startswith("semana"):
        monday = today - timedelta(days=today.weekday() + count * _WEEK_D)
        return monday, monday + timedelta(days=_WEEK_D - 1)
    then = _back(today, lambda: months_on(today, -count))
    return month_of(then[0]) if then is not None else None


def _back(today: date, first: Callable[[], date]) -> Found:
    """None before the calendar begins."""
    try:
        return first(), today
    except (OverflowError, ValueError):
        return None


def _month(match: re.Match[str], today: date) -> Found:
    number = MONTHS[match["month"]]
    if match["year"]:
        first = real(int(match["year"]), number, 1)
    elif match["last"]:
        first = real(today.year - 1, number, 1)
    else:
        first = placed(today, number, 1, ahead=False)
    return month_of(first) if first is not None else None


def _year(match: re.Match[str], today: date) -> Found:
    said = match["year"]
    return _of_year(int(said) if said else today.year - bool(match["last"]))


def _of_year(year: int) -> Found:
    first, last = real(year, 1, 1), real(year, _YEAR_M, 31)
    return (first, last) if first is not None and last is not None else None


def _this_month(match: re.Match[str], today: date) -> Found:
    return month_of(today.replace(day=1) - timedelta(days=1) if match["last"] else today)


def _week(match: re.Match[str], today: date) -> Found:
    monday = today - timedelta(days=today.weekday() + (_WEEK_D if match["last"] else 0))
    return monday, monday + timedelta(days=_WEEK_D - 1)


def _weekend(_match: re.Match[str], today: date) -> Found:
    saturday = today - timedelta(days=(today.weekday() - DAYS.index("sabado")) % _WEEK_D)
    return saturday, saturday + timedelta(days=1)


_Reader: TypeAlias = Callable[[re.Match[str], date], Found]
_THIS_YEAR: Final = rf"(?:el )?ano (?:{_PAST})|(?:este ano|el ano(?: actual)?|lo que va del ano)"
_YEARS: Final = (
    rf"(?:el )?(?:ano )?(?P<year>{_YEAR})|(?:todo )?(?:el )?(?P<last>ano (?:{_PAST}))"
    r"|(?:todo )?(?:este ano|el ano(?: actual)?|lo que va del ano|ano)"
)
_MONTHS_SAID: Final = rf"(?:el )?(?P<last>mes (?:{_PAST}))|(?:el |este )?mes(?: actual)?"
_WEEKS: Final = rf"(?:la )?(?P<last>semana (?:{_PAST}))|(?:la |esta )?semana(?! santa)"
_WEEKENDS: Final = rf"(?:el |este |ultimo )*fin de semana(?: (?:{_PAST}))?"
_NAMED: Final[list[tuple[re.Pattern[str], _Reader]]] = [
    (re.compile(_MONTH_SAID), _month),
    (re.compile(_YEARS), _year),
    (re.compile(_MONTHS_SAID), _this_month),
    (re.compile(_WEEKENDS), _weekend),
    (re.compile(_WEEKS), _week),
]


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


_ENDS: Final = _unnamed(f"{_WEEKENDS}|{_DATE}|{_MONTH_SAID}|{_YEARS}|{_MONTHS_SAID}|{_WEEKS}")
_NO_DAY: Final = r"(?! ?(?:lu[ck]as?|mil|k|palos?|%|pesos|uf|cuotas?|veces)\b)"
_END: Final = rf"(?:el |la )?(?:dia )?(?:{_ENDS}|[0-3]?[0-9]\b{_NO_DAY})"
_AFTER: Final = "".join(
    rf"|(?<=\b{word} )" for word in ("en", "de", "del", "y", "e", "durante", "el", "o")
)
_MENTION: Final = re.compile(
    rf"(?<![\w/-])(?:{_DATE}|(?:{_unnamed(_WEEKENDS)}|{_unnamed(_MONTHS_SAID)}|{_unnamed(_WEEKS)})"
    rf"|(?!mayo(?! (?:de|{_YEAR})))(?:{_unnamed(_MONTH_SAID)})"
    rf"|(?:^|(?<=, ){_AFTER})(?:mayo|{_unnamed(_YEARS)})|(?:todo )?{_THIS_YEAR}"
    rf"|(?<=\bel )[0-3]?[0-9]{_NO_DAY})(?![\w/-])"
)
_PLACED: Final = re.compile(rf"(?:.* )?(?:{_MONTH}|{_DAY})|[0-9]{{1,2}}")
"""What is nearest to another day that is named, where it says no year."""
_LAST: Final = re.compile(
    rf"\b(?:ultim[oa]s? (?:(?P<count>{_NUMBER}) )?|(?P<back>{_NUMBER}) ultim[oa]s )"
    r"(?P<unit>dias?|semanas?|mes(?:es)?|anos?)\b"
)
_WHOLE: Final[list[tuple[re.Pattern[str], _Reader]]] = [
    (re.compile(rf"\b(?:desde|del?) (?P<since>{_END}) (?:hasta|al?) (?P<to>{_END})\b"), _between),
    (re.compile(rf"\bentre (?P<since>{_END}) y (?P<to>{_END})\b"), _between),
    (re.compile(rf"\b(?:desde|a partir del?) (?P<since>{_END})\b"), _since),
    (_LAST, _last),
    (re.compile(rf"\bhace (?P<count>{_NUMBER}) (?P<unit>dias?|semanas?|mes(?:es)?|anos?)\b"), _ago),
]
_TILL_NOW: Final = re.compile(
    r"\b(?:hasta (?:ahora|hoy|aqui|la fecha|el momento)|(?:hasta|para|pa|a) (?:el )?"
    r"(?:fin|fines|final) de(?: este)? mes)\b"
)
_ALL: Final = re.compile(
    r"\b(?:en total|historic[oa]s?|(?:desde|de) siempre|en (?:toda )?la vida"
    r"|desde el (?:inicio|principio|comienzo))\b"
)
_UNCLEAR: Final = re.compile(
    r"\b(?:quincena|(?:b|tr|cuatr|s)i?mestres?|trimestral|verano|invierno|otono|primavera"
    r"|temporada|decada|siglo|antepasad[oa]|semana santa|entre semana|dias|semanas|meses|anos"
    rf"|los (?:{_DAY})s?|(?:antes|despues) del?|desde|hasta|entre (?:el |la )?(?:[0-9]|{_MONTH}))\b"
)
