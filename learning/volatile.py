"""Facts that do not last: amounts, dates and stock in an answer become placeholders.

Training teaches style, format and decisions; what something costs today belongs to retrieval.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from text.folding import level
from text.money import amounts

Place: TypeAlias = tuple[int, int, str]

_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre"
    r"|diciembre|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)"
)
_WEEKDAY = r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
# Where neither a digit nor a word begins that may be of the calendar, nothing else is tried.
_DATE: Final = re.compile(
    r"(?=[0-9]|[adefjlmnosv][a-z]{2,9}\s)(?:"
    rf"(?:\b{_WEEKDAY}\s+)?(?<![0-9/.-])(?:"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}/[0-9]{2}"
    rf"|[0-9]{{1,2}}\s+de\s+{_MONTH}(?:\s+(?:de|del)\s+[0-9]{{4}})?"
    rf"|{_MONTH}\s+[0-9]{{1,2}}(?:,\s*[0-9]{{4}})?"
    r")(?![0-9/]|[.,-][0-9])"
    rf"|\b{_WEEKDAY}\s+[0-9]{{1,2}}\b(?!\s*(?:a|y|hrs?|horas|de la)\b|[:.,-][0-9]))"
)
_STOCK: Final = re.compile(
    r"(?=[0-9hqrtu])(?:"
    r"\b(?:quedan?|restan?|hay|tenemos|tengo)\s+(?:solo\s+)?(?P<left>[0-9]{1,6})\b(?!\s*[%$:/.,][0-9])"
    r"|(?<![0-9.,$])(?P<count>[0-9]{1,6})\s+(?:unidad(?:es)?\s+)?"
    r"(?:disponibles?|en stock|in stock|left)\b"
    r"|\bunidades? de [^.:\n]{1,80}: (?P<listed>[0-9]{1,6})\b(?![.,][0-9]))"
)
_DIGIT: Final = re.compile("[0-9]")
_OWED: Final = re.compile(r"\b(?:saldos?|deuda|debes?|adeudas?|pendiente|balance|cuotas?)\b")
_CLAUSE: Final = re.compile(r"[;.!?\n]")
_NEAR: Final = 40


def templated(answer: str) -> str:
    """`Cuesta $12.990` is `Cuesta {precio}`; what is owed is `{saldo}`."""
    levelled = level(answer)
    if _DIGIT.search(levelled) is None:
        return answer
    pieces, done = [], 0
    for start, end, name in _apart(sorted(_places(answer, levelled))):
        pieces += [answer[done:start], f"{{{name}}}"]
        done = end
    return "".join([*pieces, answer[done:]])


def _places(answer: str, levelled: str) -> Iterator[Place]:
    for date in _DATE.finditer(levelled):
        yield date.start(), date.end(), "fecha"
    for amount in amounts(answer):
        start, end = amount.span
        said = _CLAUSE.split(levelled[max(start - _NEAR, 0) : start])[-1]
        yield start, end, "saldo" if _OWED.search(said) else "precio"
    for stock in _STOCK.finditer(levelled):
        start, end = stock.span(str(stock.lastgroup))
        yield start, end, "stock"


def _apart(places: list[Place]) -> Iterator[Place]:
    """Of two that overlap, the one that begins first."""
    done = 0
    for start, end, name in places:
        if start >= done and end > start:
            yield start, end, name
            done = end
