"""Insults, threats and contempt in a text. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from text.folding import fold

_STRETCHED: Final = re.compile(r"([a-z])\1{2,}")
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


def rude(text: str, insults: Sequence[str], beside: Sequence[str] = ()) -> list[str]:
    """The insults that a text holds as whole words, stretched or not. What the texts `beside` it
    hold too is none there: a shop may sell what is an insult elsewhere."""
    framed = _framed(text)
    found = [word for word in insults if f" {word} " in framed]
    known = _framed(" ".join(beside)) if found and beside else ""
    return [word for word in found if f" {word} " not in known]


def _framed(text: str) -> str:
    level = _STRETCHED.sub(r"\1", fold(text))
    return f" {_BETWEEN.sub(' ', level)} "
