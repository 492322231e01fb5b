"""Amounts of money in Spanish text: found, never guessed from a bare quantity."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from text.folding import level


@dataclass(frozen=True, slots=True)
class Amount:
    value: Decimal
    currency: str | None
    span: tuple[int, int]


_PESO: Final = "PESO"
_PREFIXES = {
    r"us\s?\$|u\$s|u\$d|usd\s?\$?|\$us": "USD",
    r"clp\s?\$?|ch\$": "CLP",
    r"cop\s?\$?|col\$": "COP",
    r"mxn\s?\$?|mx\$": "MXN",
    r"ars\s?\$?|ar\$": "ARS",
    r"bs\.?\s?[fsd]?\.?|ves|bs\.?d": "VES",
    r"s/\.?|pen": "PEN",
    r"r\$|brl": "BRL",
    r"eur|€": "EUR",
    r"uf|u\.f\.|clf": "CLF",
    r"utm": "UTM",
    r"\$": _PESO,
}
_SUFFIXES = {
    r"pesos?\s+(?:chilenos?)|clp": "CLP",
    r"pesos?\s+colombianos?|cop": "COP",
    r"pesos?\s+mexicanos?|mxn": "MXN",
    r"pesos?\s+argentinos?|ars": "ARS",
    r"dolares|dolar|usd|us\$|usdt|verdes": "USD",
    r"euros?|eur|€": "EUR",
    r"bolivares|bolivar|bs|ves": "VES",
    r"soles": "PEN",
    r"reales": "BRL",
    r"uf|ufs": "CLF",
    r"utm": "UTM",
    r"pesos?|pesitos|lks": _PESO,
    r"\$": _PESO,
}
_NUMBER = r"[0-9]{1,3}(?:[.,\u00a0][0-9]{3})+(?:[.,][0-9]{1,4})?|[0-9]{1,12}(?:[.,][0-9]{1,4})?"
# "$15 000": a space parts thousands only where a sign of money says that a price begins.
_SPACED = r"(?(prefix)[0-9]{1,3}(?:[ \u202f][0-9]{3})+(?![0-9])|(?!))"
_TIMES = {"mil": 1_000, "lucas": 1_000, "luca": 1_000, "k": 1_000, "millones": 1_000_000}
_TIMES |= {"millon": 1_000_000, "mill": 1_000_000, "mm": 1_000_000}
_SAID_BEFORE = (
    r"(?:cuestan?|costo|costaba|valen?|valor(?:es)?|precio|sale|salen|salia|queda(?:n|ria)?|total"
    r"|cobran?|cobro|pague|pago|abono|cuota|saldo|monto|deuda|descuento de|desde|dejo|dejas)"
    r"(?:\s+(?:es|son|de|a|en|por|seria|total|solo|final|como)|:){0,3}\s+"
)
_ALTERNATIVES = {
    "prefix": "|".join(_PREFIXES),
    "suffix": "|".join(_SUFFIXES),
}
# In the midst of a word nothing begins, so nothing is tried there.
_AMOUNT = re.compile(
    r"(?=[0-9$€]|(?<![a-z0-9])[a-z])"
    rf"(?:(?<![a-z0-9.,])(?P<prefix>{_ALTERNATIVES['prefix']})\s?|(?P<said>\b{_SAID_BEFORE}))?"
    rf"(?<![0-9])(?<![0-9][.,])(?P<number>{_SPACED}|{_NUMBER})(?![0-9]|[.,][0-9]|[-/][0-9k])"
    r"(?:\s?(?P<times>mil(?:lones|lon|l)?|lucas?|mm|k)\b(?:\s+de\b)?)?"
    rf"(?:\s?(?P<suffix>{_ALTERNATIVES['suffix']})(?![a-z0-9]))?",
    re.ASCII,
)
# "10 o 15 lucas", "entre 10 y 20 mil pesos": the first number borrows the unit of the second.
_RANGE = re.compile(
    r"(?<![0-9.,$])(?P<first>[0-9]{1,3})\s?(?:a|y|o|-)\s?[0-9]{1,3}\s?"
    r"(?P<times>mil|lucas)\b",
    re.ASCII,
)
_COUNTED = re.compile(
    r"\s*(?:de\s+)?(?:%|°|personas?|seguidores|unidades|clientes|veces|km|kilometros|metros|mts?"
    r"|cm|kg|kilos?|gr(?:amos)?|litros|lts?|anos?|meses|mes|dias?|semanas?|horas?|hrs?|minutos"
    r"|min|puntos|palabras|habitantes|ventas|productos|paginas|likes|visitas|mah|watts?|gb|mb"
    r"|cuotas?|pares|cajas|piezas|alumnos|estudiantes|usuarios|de la (?:manana|tarde|noche))\b",
    re.ASCII,
)
_MONEY_UNITS: Final = frozenset({"mil", "lucas", "luca", "millones", "millon"})
_LEAST_SAID: Final = 100
_DIGIT: Final = re.compile("[0-9]")
_REMEMBERED: Final = 1_000
"""Prices and the signs of money are few, and said again and again."""


def _lookup(table: dict[str, str]) -> Callable[[str | None], str | None]:
    codes = [(re.compile(rf"(?:{signs})\Z", re.ASCII), code) for signs, code in table.items()]

    @lru_cache(_REMEMBERED)
    def meant(written: str | None) -> str | None:
        if not written:
            return None
        return next((code for pattern, code in codes if pattern.match(written)), None)

    return meant


_before, _after = _lookup(_PREFIXES), _lookup(_SUFFIXES)


def amounts(text: str, *, peso: str = "CLP") -> list[Amount]:
    """Every amount, in order; `peso` is what a bare "$" or "pesos" means to this shop."""
    folded = level(text)
    if _DIGIT.search(folded) is None:
        return []
    found = [*_ranges(folded, peso)]
    for match in _AMOUNT.finditer(folded):
        amount = _amount(match, peso)
        if amount is not None:
            found.append(amount)
    return sorted(found, key=lambda amount: amount.span)


def clp(value: int) -> str:
    """`$24.990`: Chilean pesos have no decimals."""
    sign = "-" if value < 0 else ""
    return f"{sign}${abs(value):,}".replace(",", ".")


def _amount(match: re.Match[str], peso: str) -> Amount | None:
    prefix, suffix, times = match["prefix"], match["suffix"], match["times"]
    if not (prefix or suffix) and not _spoken(match):
        return None
    currency = _before(prefix) or _after(suffix)
    if currency is None and times in {"lucas", "luca"}:
        currency = _PESO
    value = parse(match["number"], decimals=currency in {"CLF", "UTM"})
    start = match.start("prefix") if prefix else match.start("number")
    return Amount(
        value * _TIMES.get(times or "", 1),
        peso if currency == _PESO else currency,
        (start, match.end()),
    )


def _spoken(match: re.Match[str]) -> bool:
    """No currency is written: a unit of money or a verb of price must speak for the number."""
    times = match["times"] or ""
    counts = times in _MONEY_UNITS
    if not (counts or match["said"]) or _COUNTED.match(match.string, match.end()):
        return False
    return counts or parse(match["number"]) * _TIMES.get(times, 1) >= _LEAST_SAID


def _ranges(folded: str, peso: str) -> Iterator[Amount]:
    if "mil" not in folded and "lucas" not in folded:
        return
    for match in _RANGE.finditer(folded):
        if _COUNTED.match(folded, match.end()) is None:
            currency = peso if match["times"] == "lucas" else None
            yield Amount(Decimal(match["first"]) * 1_000, currency, match.span("first"))


@lru_cache(_REMEMBERED)
def parse(number: str, *, decimals: bool = False) -> Decimal:
    """`24.990` is a thousand, `12,50` a fraction and so is `0.500`, because nobody writes a zero
    before thousands; of two signs the last is the fraction's."""
    number = re.sub("[ \u00a0\u202f]", "", number)
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return Decimal(number)
    whole, mark, rest = number[:last], number[last], number[last + 1 :]
    thousands = len(rest) == 3 and (mark in whole or not ("." in whole or "," in whole))  # noqa: PLR2004  a group of thousands
    if thousands and whole.strip("0") and not (decimals and mark == ","):
        return Decimal(re.sub("[.,]", "", number))
    return Decimal(re.sub("[.,]", "", whole) + "." + rest)
