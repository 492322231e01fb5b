"""Amounts as people type them into a field. Pure."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.numbers import get_currency_precision

MOST: Final = 10**15
_OTHER: Final = re.compile(r"[^0-9.,]")


class BadAmount(ValueError):
    """Nobody can tell how much this is."""


def smallest(typed: str, currency: str) -> int | None:
    """`$24.990` → 24990 in the smallest unit of the currency; nothing typed is None. Raises
    BadAmount."""
    text = _OTHER.sub("", typed)
    if not typed.strip():
        return None
    digits = get_currency_precision(currency)
    whole, mark, part = text.rpartition(",") if digits else (text, "", "")
    if digits and not mark:
        whole, mark, part = text.rpartition(".")
        if len(part) > digits or not mark:
            whole, part = text, ""
    try:
        value = Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{part or '0'}")
    except InvalidOperation as error:
        raise BadAmount(typed) from error
    found = int(value.scaleb(digits))
    if not re.search(r"\d", text) or found > MOST:
        raise BadAmount(typed)
    return found
