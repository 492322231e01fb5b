"""What a hosted training costs: tokens times epochs times the price of the base model."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from config.training import TrainingSettings
from text.tokens import budgeted

EPOCHS: Final = 3
"""What is reckoned with where nobody says how often the rows are read."""
HOSTED: Final = frozenset({"openai"})
"""Whose trainings cost money; the others use what is there."""


def estimated(
    trainer: str, lines: Iterable[str], parameters: Mapping[str, Any], usd_per_million: float
) -> int:
    """Millionths of a dollar that a training may cost."""
    if trainer not in HOSTED:
        return 0
    tokens = sum(_tokens(json.loads(line)) for line in lines)
    return cost(tokens * int(parameters.get("epochs") or EPOCHS), usd_per_million)


def price_of(settings: TrainingSettings, base_model: str) -> float:
    """Dollars per million trained tokens."""
    return settings.prices.get(base_model, settings.unknown_price)


def cost(tokens: int, usd_per_million: float) -> int:
    """A dollar per million tokens is a millionth of a dollar per token."""
    return round(tokens * usd_per_million)


def _tokens(value: Any) -> int:  # noqa: ANN401  JSON is any shape
    """Of every text in a line, whatever its format is."""
    if isinstance(value, str):
        return budgeted(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(_tokens(one) for one in inner)
