"""How hours are written in the settings: days "mon-fri" or "lun-vie", spans "09:00-18:00".

Everything here raises ValueError with what is wrong, so that a mistake is told when the settings
are read and not when a customer writes at night.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

Span: TypeAlias = tuple[int, int]
"""From and to, in minutes since midnight; what ends the next morning ends after 24:00."""
Week: TypeAlias = Mapping[int, tuple[Span, ...]]
"""By the day of the week, Monday is 0; a day that is missing is closed."""

DAY: Final = 24 * 60
_DAYS: Final = ("mon lun", "tue mar", "wed mie mié", "thu jue", "fri vie", "sat sab sáb", "sun dom")
_NUMBERS: Final = {name: day for day, names in enumerate(_DAYS) for name in names.split()}
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
CLOSED: Final = frozenset({"", "closed", "cerrado"})


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone: write one like America/Santiago") from error


def days_of(text: str) -> tuple[int, ...]:
    """Ranges may go over the weekend: "sat-mon"."""
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start, end = _day(first, text), _day(last or first, text)
        found += [(start + more) % 7 for more in range((end - start) % 7 + 1)]
    return tuple(dict.fromkeys(found))


def _day(name: str, text: str) -> int:
    if name not in _NUMBERS:
        raise ValueError(f"{text!r}: {name!r} is no day: mon tue wed thu fri sat sun, lun mar…")
    return _NUMBERS[name]


def spans_of(text: str) -> tuple[Span, ...]:
    """Of one day; a span that ends before it begins lasts until the next morning."""
    if text.strip().lower() in CLOSED:
        return ()
    spans = sorted(_span(part, text) for part in text.split(","))
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError(f"{text!r}: its spans overlap")
    return tuple(spans)


def _span(part: str, text: str) -> Span:
    found = _SPAN.fullmatch(part.strip())
    if found is None:
        raise ValueError(f"{text!r}: hours are written 09:00-18:00, several by commas")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or start >= DAY or end > DAY:  # noqa: PLR2004  minutes
        raise ValueError(f"{text!r}: there is no such time")
    if start == end:
        raise ValueError(f"{text!r}: begins when it ends; all day is 00:00-24:00")
    return start, end if end > start else end + DAY


def week_of(written: Mapping[str, str]) -> Week:
    """Nothing written is open all week."""
    if not written:
        return dict.fromkeys(range(7), ((0, DAY),))
    week: dict[int, tuple[Span, ...]] = {}
    for days, hours in written.items():
        spans = spans_of(hours)
        for day in days_of(days):
            if day in week:
                raise ValueError(f"{days!r}: {_DAYS[day][:3]} stands twice")
            week[day] = spans
    return week
