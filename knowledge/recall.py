"""What a customer points back to: the products that were named before, and one of them."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.products import Index, Product
from llm.base import Message

REMEMBERED: Final = 8
"""How many lines back a product may have been named for `¿y en azul?` to mean it."""
_FIGURE: Final = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{4,7}")


def last_named(said: Sequence[Message], index: Index, *, least: int = 1) -> tuple[Product, ...]:
    """The products of the newest line that named any: ours by their full names."""
    for line in reversed(said[-REMEMBERED:]):
        named = index.named(line.content)
        if len(named) >= least:
            return named
        if line.role == "user" and least == 1:
            found = [match.product for match in index.find(line.content) if match.strong]
            if found:
                return tuple(found)
    return ()


def person_asked(said: Sequence[Message]) -> bool:
    """Whether what a customer heard last came from a person of the shop, not from the bot."""
    heard = _heard(said)
    return heard is not None and heard.person


def offered(said: Sequence[Message], index: Index) -> tuple[Product, ...]:
    """The products that a customer heard of last: a bare yes is to these."""
    heard = _heard(said)
    return index.named(heard.content) if heard is not None else ()


def _heard(said: Sequence[Message]) -> Message | None:
    return next((line for line in reversed(said) if line.role == "assistant"), None)


def picked_from(text: str, place: int | None, among: Sequence[Product]) -> tuple[Product, ...]:
    """`el segundo`, `la última`, `la de 24.990`."""
    if place is not None and place <= len(among):
        return (among[place - 1 if place > 0 else place],)
    figures = {int(amount.replace(".", "")) for amount in _FIGURE.findall(text)}
    return tuple(product for product in among if product.price in figures)
