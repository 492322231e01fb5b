"""When, and how long: days, hours and delays that a text promises, in one spelling each.

What is read here has been folded and has its numbers in digits.
"""

import re
from collections.abc import Iterator
from typing import Final

_HOURS: Final = {"h": 1, "d": 24, "s": 168, "w": 168}
_MONTHS: Final = {"m": 1, "a": 12, "y": 12}
_UNIT: Final = (
    r"(?:(?:business|working|calendar) )?"
    r"(horas?|hrs?|hours?|dias?|days?|semanas?|weeks?|meses|mes|months?|anos?|years?)\b"
)
_SPAN: Final = re.compile(
    rf"(?<![\d.,:/$-])(?:(\d{{1,3}}) ?(?:a|o|u|y|-|hasta|to|or|and) ?)?(\d{{1,3}}) ?{_UNIT}"
)
_ONE: Final = rf"(?:un|una|one|a|an) {_UNIT}"
_ONE_SAID: Final = re.compile(rf"\b{_ONE}")
_ONE_PROMISED: Final = re.compile(
    r"\b(?:en|dentro de|por|plazo de|dura|duran|demora|tarda|tardan|garantia de|within|in|for)"
    rf" (?:menos de |solo |apenas |about )?{_ONE}"
)
_PAST: Final = re.compile(r"\b(?:hace|cumples|age) (?:\w+ ){0,2}$|\bseran? las $")
_SHIFT: Final = re.compile(
    r"\b(?:de|desde(?: las)?|entre(?: las)?) (\d{1,2})(?::(\d\d))? (?:a|y|hasta)(?: las)? "
    r"(\d{1,2})(?::(\d\d))? ?(?:h|hrs?|horas)\b"
)
_CLOCK: Final = re.compile(r"(?<![\d.,:/])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])")
_AT: Final = re.compile(
    r"\b(?:a|hasta|desde|antes de|despues de) las? (\d{1,2})(?![\d:/]|[.,]\d)(?! (?:unidad|person))"
)
_WEEK: Final = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_ENGLISH: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED: Final = {name: place for week in (_WEEK, _ENGLISH) for place, name in enumerate(week)} | {
    "sabados": 5,
    "domingos": 6,
}
_DAY: Final = "|".join(sorted(_NAMED, key=len, reverse=True))
_DAYS: Final = re.compile(rf"\b({_DAY})\b(?: (?:a|hasta|to|through) (?:el )?({_DAY})\b)?")
_NEAR: Final = re.compile(
    r"\b(pasado manana|(?<!\bla )(?<!\blas )(?<!\besta )manana|hoy(?: mismo)?|tomorrow|today"
    r"|(?:el |la |este |esta )?(?:fin de semana|proxim[oa] (?:semana|mes|lunes|dia))"
    r"|esta (?:semana|tarde|noche)|tonight|next (?:week|month)"
    r"|(?:un par de|unos|pocos) (?:dias|horas)|primera hora|inmediat[oa]|navidad|ano nuevo)\b"
)
_PROMISES: Final = re.compile(
    r"\b(?:lleg|entreg|despach|envi|recib|retir|venc|abr[ei]|cierr|atend|atiend|estar|tendr"
    r"|sale[ns]?\b|dura|valid|hasta|termin|empiez|comienz|mand|promo|ofert|plazo|pag|repon|repos"
    r"|dispon|arriv|deliver|ship|open|close|expire|until|qued[ae]|vuelv|vend|reembols|devolv)"
)
_CARRIES: Final = re.compile(r"\b(?:lleg|entreg|despach|envi|recib|arriv|deliver|ship)")
"""The days on which a shop is open are not those on which a parcel comes."""
_WISH: Final = re.compile(
    r"\b(?:necesit|quier|prefier|acomod|sirve|puedes|podrias|gustaria|deseas|need|want|like"
    r"|prefer|tienes|vas a|retiras|pasas|vienes)"
)
_SENTENCE: Final = re.compile(r"[^.!?…\n]+[.!?…]*")


def spans(text: str, *, told: bool = False) -> Iterator[str]:
    """What it says of time. `told`: as a source tells it, where `un año` need not be a promise."""
    for match in _SHIFT.finditer(text):
        yield _time(match[1], match[2])
        yield _time(match[3], match[4])
    text = _SHIFT.sub(" ", text)
    yield from (_time(*match.groups()) for match in _CLOCK.finditer(text))
    yield from (_time(match[1], None) for match in _AT.finditer(text))
    for match in _SPAN.finditer(text):
        if told or _PAST.search(text[max(match.start() - 24, 0) : match.start()]) is None:
            yield from (_long(int(count), match[3]) for count in match.groups()[:2] if count)
    for match in (_ONE_SAID if told else _ONE_PROMISED).finditer(text):
        yield _long(1, match[1])
    yield from _days(text, told=told)


def _days(text: str, *, told: bool) -> Iterator[str]:
    """Days by their names, where something is said to happen on them."""
    if _NEAR.search(text) is None and _DAYS.search(text) is None:
        return
    for sentence in _SENTENCE.findall(text):
        asks = sentence.endswith("?") and _WISH.search(sentence) is not None
        if told or (not asks and _PROMISES.search(sentence)):
            carried = _CARRIES.search(sentence) is not None
            found = [_bare(near) for near in _NEAR.findall(sentence)]
            for first, last in _DAYS.findall(sentence):
                found += _between(first, last)
            yield from (f"{day} carried" for day in found if carried)
            yield from (day for day in found if told or not carried)


def _bare(near: str) -> str:
    return near.removeprefix("el ").removesuffix(" mismo")


def _between(first: str, last: str) -> Iterator[str]:
    start = _NAMED[first]
    end = _NAMED[last] if last else start
    yield from (_WEEK[place % 7] for place in range(start, end + (8 if end < start else 1)))


def _long(count: int, unit: str) -> str:
    """`48h` for two days, `12m` for a year."""
    first = unit[0]
    if unit.startswith(("a", "y", "me", "mo")):
        return f"{count * _MONTHS[first]}m"
    return f"{count * _HOURS[first]}h"


def _time(hour: str, minute: str | None) -> str:
    return f"{int(hour)}:{minute or '00'}"
