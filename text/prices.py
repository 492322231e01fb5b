"""Writes a price as the shop's customers read it."""

from text.money import clp


def written(value: int, currency: str = "CLP") -> str:
    """`value` is in the smallest unit the currency has; Chilean pesos have none below the peso."""
    if currency == "CLP":
        return clp(value)
    return f"{currency} {value // 100:,}.{value % 100:02d}"
