"""What somebody who knows the business says of columns, in a small TOML file.

    [PAY_0]
    direction = "more"      # more of it is riskier; "less": more of it is safer
    words = "último pago con {value} meses de atraso"

A table without a direction leaves it to the data; kind = "category" takes numbers for names.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from prediction.errors import DirectionsUnclear
from prediction.table import Direction, Feature

_WAYS: Final[dict[str, Direction]] = {"more": 1, "less": -1, "": 0}
_KEYS: Final = {"direction", "words", "kind"}
_HINT: Final = 'A column is a table: [late_days], and below it direction = "more" or "less"'


def read(path: Path) -> dict[str, Feature]:
    """Raises DirectionsUnclear."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DirectionsUnclear(f"{path} cannot be read", str(error.strerror), _HINT) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DirectionsUnclear(f"{path} is no TOML", str(error), _HINT) from error
    return {name: _feature(name, one) for name, one in told.items()}


def _feature(name: str, told: Any) -> Feature:  # noqa: ANN401  whatever TOML can hold
    if not isinstance(told, Mapping) or not told.keys() <= _KEYS:
        raise _unclear(name, "it has other keys than direction, words and kind")
    way, kind, words = told.get("direction", ""), told.get("kind", "number"), told.get("words", "")
    if way not in _WAYS:
        raise _unclear(name, f"{way!r} is no direction")
    if kind not in {"number", "category"}:
        raise _unclear(name, f"{kind!r} is no kind")
    if kind == "category" and way:
        raise _unclear(name, "names have no more and no less")
    if not isinstance(words, str):
        raise _unclear(name, "its words are no text")
    return Feature(name, kind, _WAYS[way], words)


def _unclear(name: str, why: str) -> DirectionsUnclear:
    return DirectionsUnclear(f"The directions of {name} cannot be understood", why, _HINT)
