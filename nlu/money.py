"""What a text says of money: how much, in what, and every how often."""

import re
from decimal import Decimal
from typing import Any, Final, TypeAlias

from text.folding import fold, level
from text.money import amounts
from text.numerals import figures
from text.slang import pesos

Money: TypeAlias = tuple[int | float, str]
UF: Final = "UF"
_CODES: Final = {"CLF": UF}
_BETWEEN: Final = re.compile(r"\bentre (?:los |las )?[$0-9][$0-9.,]*[a-z ]{0,12}? y [$0-9]")
_PERIODS: Final = (
    ("semana", re.compile(r"\b(?:semanas?(?! santa)|semanal(?:es|mente)?)\b")),
    ("mes", re.compile(r"\b(?:mes|mensual(?:es|mente)?)\b")),
)


def amount_slots(text: str, peso: str) -> dict[str, Any]:
    """The first amount of a text; slang counts, and so does a bare number that may be money."""
    if vague(text):
        return {}
    found = monies(pesos(level(text)), peso)
    return {"amount": found[0][0], "currency": found[0][1]} if found else {}


def vague(text: str) -> bool:
    """`entre 10 y 15 lucas` is no amount."""
    return _BETWEEN.search(figures(level(text))) is not None


def monies(said: str, peso: str) -> list[Money]:
    return [
        (_plain(one.value), _CODES.get(one.currency or peso, one.currency or peso))
        for one in amounts(said, peso=peso)
    ]


def period_of(text: str) -> str | None:
    folded = fold(text)
    return next((name for name, pattern in _PERIODS if pattern.search(folded)), None)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
