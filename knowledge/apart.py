"""Takes a text apart: products named one by one, and words that only describe one."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.products import Index, Match, Product
from text.folding import fold
from text.stemming import stems

_AND: Final = re.compile(r",|\n|[?;]|\by\b|\band\b", re.IGNORECASE)
READ: Final = 600
"""Characters read of a text: a pasted list does not say more about what is wanted."""
_PURPOSE: Final = re.compile(
    r"\b(?:para|con|contra|sin|for|with)(?: (?:el|la|los|las|un|una))?\s*\Z"
)


def named_apart(text: str, index: Index) -> list[tuple[Product, ...]]:
    """`el termo y la mochila azul` names two products; each part is looked up by itself.

    A part that only describes means one of the kind before it: `la mochila azul y la negra`.
    """
    said = _parts(text)
    if len(said) < 2:  # noqa: PLR2004  nothing to take apart
        return []
    parts: list[tuple[Product, ...]] = []
    for part in said:
        found = index.find(part)
        if any(match.strong for match in found):
            parts.append(tuple(match.product for match in found))
        elif found and parts:
            parts += _another(part, parts[-1], index)
    return parts if len({product.id for found in parts for product in found}) > 1 else []


def chosen_apart(text: str, among: Sequence[Product], index: Index) -> list[tuple[Product, ...]]:
    """`la negra y la blanca`, after both were listed."""
    said = _parts(text) if len(among) > 1 else []
    chosen = [index.narrow(part, among) for part in said] if len(said) > 1 else []
    each: list[tuple[Product, ...]] = [found for found in chosen if len(found) == 1]
    return each if len(set(each)) > 1 else []


def described(mention: str | None, text: str, found: Sequence[Match], index: Index) -> bool:
    """Whether weak matches may be meant: `venden fundas` asks for covers, not for what has one."""
    if mention is None or not found:
        return True
    place = text.find(mention)
    if place >= 0 and _PURPOSE.search(fold(text[:place])):
        return True
    first = mention.split()[0]
    return any(index.has(match.product, first) for match in found)


def siblings(product: Product, index: Index) -> tuple[Product, ...]:
    """The other products whose name begins with the same word."""
    head = stems(product.name)[:1]
    return tuple(
        other
        for other in index.products
        if other.id != product.id and stems(other.name)[:1] == head
    )


def _another(part: str, before: Sequence[Product], index: Index) -> list[tuple[Product, ...]]:
    alike = [each for each in siblings(before[0], index) if each not in before]
    narrowed = index.narrow(part, alike)
    return [narrowed] if len(narrowed) == 1 else []


def _parts(text: str) -> list[str]:
    return [part for part in _AND.split(text[:READ]) if part.strip()]
