"""Money as people say it in Chile, in figures: `luca y media` is `1500 pesos`."""

import re
from typing import Final

from text.money import parse
from text.numerals import figures

_UNITS: Final = {
    r"luquitas?|lu[ck]as?|luks?|lks|mil|k": 1_000,
    r"palitos?|palos?|mill?on(?:es|cito)?": 1_000_000,
    r"quinas?": 500,
    r"gambas?": 100,
}
_UNIT: Final = "|".join(_UNITS)
_NUMBER: Final = r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?|[0-9]{1,6}(?:[.,][0-9]{1,2})?"
_SAID: Final = re.compile(
    rf"(?<![\w$.,/-])(?<!cuanta )(?<!cuantas )(?:(?P<half>medi[oa]) |(?P<number>{_NUMBER}|una?) ?)?"
    rf"(?P<unit>{_UNIT})\b(?P<more> y medi[oa]\b)?"
    r"(?: (?:con |y )?(?P<rest>[0-9]{3})\b(?! ?(?:uf|usd|dolar))"
    r"(?P<thousands> ?(?:mil|lu[ck]as|k)\b)?)?"
    r"(?: (?:de )?pesos?\b)?(?! ?(?:uf|usd|dolar|euro))"
)
_ALONE: Final = re.compile("lu[ck]a|luquita|palo|palito|gamba|quina")
"""Units that are an amount without a number before them."""
_MILLION: Final = 1_000_000
_PALOS: Final = re.compile(
    r"\b(un|[0-9]{1,4}) pal(?:it)?os? ((?:y |con )?"
    r"(?:[0-9]{1,3}\.[0-9]{3}|[0-9]{4,6}|[0-9]{1,3} ?mil)\b)"
)
"""Millions with thousands after them."""
_HALF_UF: Final = re.compile(r"\bmedia uf\b")
# An amount without a unit: no year, no phone, no part of a date or of an identity number.
_BARE: Final = re.compile(
    r"(?<![\w$.,/:#+-])(?<!uf )(?<!us\$ )(?<!\$ )(?<!usd )"
    r"(?!20[2-4][0-9](?![0-9.]))(?P<number>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{3,8})"
    r"(?![\w%/:-]|[.,][0-9])(?! ?(?:pesos?|clp|uf|usd|dolar|euro|%|veces|km|kilos?|gramos?|dias?"
    r"|horas?|personas?|cuotas?)\b)"
)


def pesos(folded: str) -> str:
    """The same text with its amounts written out, bare figures too: for a business in which a
    number is money unless something else is said."""
    said = figures(_PALOS.sub(r"\1 millones \2", figures(folded)))
    said = _HALF_UF.sub("0,5 uf", said)
    said = _SAID.sub(_written, said)
    return _BARE.sub(lambda bare: f"{bare['number']} pesos", said)


def _written(match: re.Match[str]) -> str:
    number, unit = match["number"], match["unit"]
    if number is None and match["half"] is None and _ALONE.fullmatch(unit) is None:
        return match[0]
    times = next(value for names, value in _UNITS.items() if re.fullmatch(names, unit))
    value = parse("1" if number in {None, "un", "una"} else number)
    if match["half"]:
        value /= 2
    if match["more"]:
        value += parse("0,5")
    total = int(value * times)
    if match["rest"]:
        small = times < _MILLION and not match["thousands"]
        total += int(match["rest"]) * (1 if small else 1_000)
    return f"{total} pesos"
