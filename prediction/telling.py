"""What weighs in a prediction, said in Spanish to the staff: a bot says no risk."""

from typing import Final

from prediction.predictor import Factor
from prediction.table import Feature

LITTLE, MUCH = 0.15, 0.6
"""In log-odds: 0.15 moves a risk of 20 % by about two points, 0.6 by ten or more."""
_AMOUNTS: Final = (" un poco", "", " mucho")
_SPANISH: Final = str.maketrans(",.", ".,")


def told(feature: Feature, factor: Factor) -> str:
    """`pagó 3 de las últimas 4 cuotas con atraso: sube el riesgo`."""
    return f"{_fact(feature, factor.value)}: {direction(factor.effect)}"


def direction(effect: float) -> str:
    way = "sube" if effect > 0 else "baja"
    strength = (abs(effect) >= LITTLE) + (abs(effect) >= MUCH)
    return f"{way}{_AMOUNTS[strength]} el riesgo"


def bare(feature: Feature) -> str:
    """Its words without a value; empty where nobody gave any."""
    return feature.words.replace("{value}", "…").replace("{percent}", "… %")


def number(value: float) -> str:
    """As it is written in Spanish: 1.234,5; no more digits than mean something."""
    digits = 0 if value == int(value) else sum(abs(value) < most for most in (10, 1000))
    plain = f"{value:,.{digits}f}"
    if digits:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(_SPANISH)


def _fact(feature: Feature, value: float | str | None) -> str:
    if value is None:
        return f"sin dato: {bare(feature) or feature.name}"
    shown = value if isinstance(value, str) else number(value)
    if not feature.words:
        return f"«{feature.name}» es {shown}"
    words = feature.words
    if "{percent}" in words:
        percent = "" if isinstance(value, str) else f"{number(round(100 * value, 1))} %"
        words = words.replace("{percent}", percent)
    return words.replace("{value}", shown)
