"""Several amounts in one text: `5 lucas en almuerzo y 2 en micro` are two things."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from text.folding import level
from text.money import Amount, amounts
from text.slang import pesos

MOST: Final = 20
_TAIL: Final = re.compile(r"[\s,;+]+(?:(?:y|mas|ademas|tambien)\s*)?$")
_BETWEEN: Final = re.compile(r"[,;+\n]|\b(?:y|mas|ademas|tambien|luego|despues)\b")
_IN_THOUSANDS: Final = re.compile(r"\d ?(?:lu[ck]as?|lks|k|mil)\b")
_BORROWING: Final = re.compile(
    r"(?P<before>(?:\by|,|\bmas|\+) ?)(?P<number>[0-9]{1,3})(?= (?:en|de|del|para|pa|por|al?)\b)"
)


def parts(text: str, peso: str, named: Callable[[str], bool]) -> list[str]:
    """The stretches of a text with one amount each; `named` tells whether a stretch says in what.

    What is said before the first amount decides: `almuerzo 5 lucas, micro 2 lucas` names things
    before their amounts, `5 lucas en almuerzo` after them.
    """
    said = pesos(_lent(level(text)))
    found = amounts(said, peso=peso)[:MOST]
    if len(found) < 2:  # noqa: PLR2004  nothing to part
        return [said] if found else []
    ahead = named(said[: found[0].span[0]])
    cuts = [0, *_cuts(said, found, ahead=ahead), len(said)]
    return [_TAIL.sub("", said[start:end]).strip() for start, end in pairwise(cuts)]


def without_amounts(said: str, peso: str) -> str:
    for amount in reversed(amounts(said, peso=peso)):
        start, end = amount.span
        said = f"{said[:start]} {said[end:]}"
    return said


def _lent(folded: str) -> str:
    """`5 lucas en pan y 2 en micro`: the second number borrows the unit of the first."""
    if _IN_THOUSANDS.search(folded) is None:
        return folded
    return _BORROWING.sub(lambda match: f"{match['before']}{match['number']} lucas", folded)


def _cuts(said: str, found: list[Amount], *, ahead: bool) -> Iterator[int]:
    """Where one thing ends and the next begins, between two amounts."""
    for one, other in pairwise(found):
        start, end = one.span[1], other.span[0]
        marks = list(_BETWEEN.finditer(said, start, end))
        if marks:
            yield marks[0 if ahead else -1].end()
        else:
            yield start if ahead else end
