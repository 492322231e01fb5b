"""What one cell says: a price, a number of pieces, words. Pure."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from text.folding import clean, fold
from text.money import amounts, parse
from text.prices import smallest

Cell: TypeAlias = str | int | float | bool
Value: TypeAlias = str | int | bool | list[str] | None

SOME: Final = "some"
"""There is stock, and nobody says how much."""
SHORTFALL: Final = -1
"""A stock below zero: more was sold than was there. It is taken as none, and told."""
DEAREST: Final = 10**12
MOST: Final = 1_000_000
LONGEST: Final = {"sku": 64, "name": 200, "description": 4_000, "category": 100}
KEYWORDS, KEYWORD = 30, 60
_BARE: Final = re.compile(
    r"(?:\d{1,3}(?:[., \u00a0]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,4})?)", re.ASCII
)
_TAIL: Final = re.compile(
    r"(?:\s*[.,]-+|\s*(?:c/u|cada uno|iva incl\w*|\+ ?iva))+\Z", re.IGNORECASE
)
_NONE: Final = frozenset(
    ["agotado", "agotada", "agotados", "agotadas", "sin stock", "sin existencias", "no hay", "no",
     "ninguno", "sold out", "out of stock", "none", "-"]
)  # fmt: skip
_THERE: Final = frozenset(
    ["si", "hay", "disponible", "disponibles", "en stock", "con stock", "yes", "available",
     "in stock", "x", "ok"]
)  # fmt: skip
_ON: Final = frozenset(
    ["si", "s", "1", "true", "verdadero", "activo", "activa", "yes", "y", "x", "publicado",
     "visible", "habilitado", "active", "on", "a la venta"]
)  # fmt: skip
_OFF: Final = frozenset(
    ["no", "n", "0", "false", "falso", "inactivo", "inactiva", "oculto", "deshabilitado",
     "inactive", "off", "borrador", "descontinuado", "pausado"]
)  # fmt: skip


class CellRefused(Exception):
    """What the cell says cannot be used; `hint` is what to write there."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read(field: str, cell: Cell, currency: str) -> Value:
    """None where nothing is said. Raises CellRefused."""
    if isinstance(cell, str) and not cell.strip():
        return None
    if field == "price":
        return price(cell, currency)
    if isinstance(cell, str):
        cell = clean(cell).strip()
    reader = _READERS.get(field)
    return reader(cell) if reader else _text(field, cell)


def price(cell: Cell, currency: str) -> int:
    """In the smallest unit of the currency: `$24.990`, `24,990.00` and 24990 are one price."""
    value = _value(cell, currency)
    if value is None:
        raise CellRefused(f"«{cell}» is no price in {currency}", "write it like 24990")
    if value < 0:
        raise CellRefused(f"{cell} is below zero", "write what customers pay")
    found = smallest(value, currency)
    if found is None:
        raise CellRefused(f"{cell} is finer than {currency} can be paid", "round it")
    if found > DEAREST:
        raise CellRefused(f"{cell} is more than any price", "look for a missing separator")
    return found


def _value(cell: Cell, currency: str) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if not isinstance(cell, str):
        return Decimal(str(cell))
    text = _TAIL.sub("", clean(cell).strip())
    if _BARE.fullmatch(text):
        return parse(text)
    found = amounts(text, peso=currency)
    whole = len(found) == 1 and found[0].span == (0, len(text))
    return found[0].value if whole and found[0].currency == currency else None


def _stock(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return SOME if cell else 0
    said = fold(str(cell)).strip(" .")
    if said in _NONE:
        return 0
    if said in _THERE:
        return SOME
    count = _count(said)
    if count is None:
        raise CellRefused(f"«{cell}» is no number of pieces", "write 12, «agotado» or «sí»")
    if count > MOST:
        raise CellRefused(f"{cell} is more than {MOST:,} pieces", "is it a code in its place?")
    return SHORTFALL if count < 0 else count


def _count(said: str) -> int | None:
    """`12`, `12.0`, `1.200`, `12 unidades`."""
    found = re.fullmatch(
        r"(-?)\s*(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]0+)?\s*(?:u|un|unid|unidad(?:es)?|uds?|pz|pzas?|pcs)?",
        said,
        re.ASCII,
    )
    return int(found[1] + re.sub("[.,]", "", found[2])) if found else None


def _active(cell: Cell) -> Value:
    said = fold(str(cell)).strip()
    if said not in _ON | _OFF:
        raise CellRefused(f"«{cell}» is neither yes nor no", "write sí or no")
    return said in _ON


def _keywords(cell: Cell) -> Value:
    words = [word.strip() for word in re.split(r"[|,;\n]", str(cell))]
    kept = list(dict.fromkeys(word for word in words if word))
    if len(kept) > KEYWORDS or any(len(word) > KEYWORD for word in kept):
        raise CellRefused(f"{len(kept)} keywords", f"{KEYWORDS} of {KEYWORD} letters are the most")
    return list(kept)


def _photo(cell: Cell) -> Value:
    said = str(cell)
    if not re.fullmatch(r"(?:https?://|/)\S{1,500}", said):
        raise CellRefused(f"«{said[:60]}» is no address of a photo", "begin it with https://")
    return said


def _text(field: str, cell: Cell) -> Value:
    said = str(cell) if field == "description" else " ".join(str(cell).split())
    if len(said) > LONGEST[field]:
        raise CellRefused(f"it has {len(said)} letters", f"{LONGEST[field]} are the most: cut it")
    return said


_READERS: Final[Mapping[str, Callable[[Cell], Value]]] = {
    "stock": _stock,
    "active": _active,
    "keywords": _keywords,
    "photo": _photo,
}
