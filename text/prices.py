"""A price in the smallest unit of its currency, and as the shop's customers read it."""

from decimal import Decimal
from typing import Final

from text.money import clp

UF: Final = "UF"
_PARTS: Final = {"CLP": 1, UF: 10_000}
"""How many of the smallest unit make one; a cent is the smallest of the others."""


def written(value: int, currency: str = "CLP") -> str:
    """`value` is in the smallest unit the currency has; Chilean pesos have none below the peso."""
    if currency == "CLP":
        return clp(value)
    if currency == UF:
        return _uf(value)
    return f"{currency} {value // 100:,}.{value % 100:02d}"


def smallest(value: Decimal, currency: str = "CLP") -> int | None:
    """The other way round; None when it is finer than anybody can pay."""
    units = value * _PARTS.get(currency, 100)
    return int(units) if units == units.to_integral_value() else None


def exact(value: int, currency: str = "CLP") -> Decimal:
    """`smallest` undone."""
    return Decimal(value) / _PARTS.get(currency, 100)


def rounded(amount: float, currency: str) -> int:
    """An amount as it was said, in the nearest smallest unit of its currency."""
    return int((Decimal(str(amount)) * _PARTS.get(currency, 100)).to_integral_value())


def _uf(value: int) -> str:
    """`UF 1.234,50`: two decimals, four where they say something."""
    whole, rest = divmod(value, _PARTS[UF])
    decimals = f"{rest:04d}"
    decimals = decimals[:2] if decimals.endswith("00") else decimals
    return f"UF {whole:,}".replace(",", ".") + f",{decimals}"
