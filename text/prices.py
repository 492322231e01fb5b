"""A price in the smallest unit of its currency, and as the shop's customers read it."""

from decimal import Decimal

from text.money import clp


def written(value: int, currency: str = "CLP") -> str:
    """`value` is in the smallest unit the currency has; Chilean pesos have none below the peso."""
    if currency == "CLP":
        return clp(value)
    return f"{currency} {value // 100:,}.{value % 100:02d}"


def smallest(value: Decimal, currency: str = "CLP") -> int | None:
    """The other way round; None when it is finer than anybody can pay."""
    units = value if currency == "CLP" else value * 100
    return int(units) if units == units.to_integral_value() else None
