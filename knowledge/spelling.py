"""Guesses which known word a misspelled one is: near misses, looked up by the letters they keep."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5
"""Shorter words are another word as often as a misspelling."""
LONG: Final = 8
CLOSENESS: Final = {1: 0.8, 2: 0.6}
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = {
    key: "".join(
        other[max(place - 1, 0) : place + 2]
        for other in _ROWS
        if abs(_ROWS.index(other) - _ROWS.index(row)) <= 1
    )
    for row in _ROWS
    for place, key in enumerate(row)
}
"""The letters a finger may hit instead."""
_ALIKE: Final = frozenset(["gj", "jg", "mn", "nm", "ou", "uo", "ei", "ie"])


@dataclass(frozen=True, slots=True)
class Spelling:
    """Every known word under each spelling that lacks one or two of its letters."""

    shortened: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Spelling":
        shortened: dict[str, tuple[str, ...]] = {}
        for word in words:
            if len(word) >= LEAST - 1 and word.isalpha():
                for key in _shortened(word):
                    shortened[key] = (*shortened.get(key, ()), word)
        return cls(shortened)

    def guesses(self, word: str) -> list[tuple[str, float]]:
        """Known words at the smallest distance, with how close they are."""
        if len(word) < LEAST or not word.isalpha():
            return []
        near: dict[str, int] = {}
        for key in _shortened(word):
            for known in self.shortened.get(key, ()):
                if known not in near and known[0] == word[0]:
                    near[known] = distance(word, known)
        near = {known: steps for known, steps in near.items() if _likely(word, known, steps)}
        allowed = 2 if len(word) >= LONG else 1
        best = min(near.values(), default=allowed + 1)
        if best > allowed:
            return []
        return [(known, CLOSENESS[best]) for known, steps in near.items() if steps == best]


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for spot, sign in enumerate(other, 1):
            cost = min(before[spot] + 1, row[-1] + 1, before[spot - 1] + (letter != sign))
            swapped = (
                spot > 1 and place > 1 and letter == other[spot - 2] and one[place - 2] == sign
            )
            row.append(min(cost, earlier[spot - 2] + 1) if swapped else cost)
    return row[-1]


def _likely(word: str, known: str, steps: int) -> bool:
    """Short words differ by a letter from too many others: a slip of the finger or ear counts."""
    if abs(len(word) - len(known)) > 1:
        return False
    if steps != 1 or len(word) != len(known) or len(word) > LEAST:
        return True
    changed = [(one, other) for one, other in zip(word, known, strict=True) if one != other]
    one, other = changed[0]
    return len(changed) > 1 or one + other in _ALIKE or other in _BESIDE.get(one, "")


def _shortened(word: str) -> Iterator[str]:
    """The word, and it without one letter; without two when it is long."""
    seen = {word}
    yield word
    ones = {word[:place] + word[place + 1 :] for place in range(len(word))} - seen
    yield from ones
    if len(word) >= LONG:
        twos = {one[:place] + one[place + 1 :] for one in ones for place in range(len(one))}
        yield from twos - ones - seen
