"""Which turns are drawn by chance, why others are looked at, and what a sample says of all. Pure.

Whoever looks at the worst answers first would call the whole bot bad. So only drawn turns measure
it, each group of them weighing as much as it is of all that were drawn: reviewing the worst of them
first changes nothing (a stratified sample; Cochran, Sampling Techniques, 1977, ch. 5).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from text.lexemes import content_words

ADDED, UNANSWERED, DISLIKED, LOW, DIFFERS, DRAWN = range(6)
"""`ADDED` was put there by a person, before all others."""
ONE_IN: Final = 20
FAR: Final = 0.2
"""Words in common, of all, below which two answers say something else."""
LEAST: Final = 20
"""Reviewed turns below which a sample says nothing."""
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` lies between `low` and `high` with 95 % likelihood; `reviewed` of `drawn` turns were
    looked at."""

    value: float
    low: float
    high: float
    reviewed: int
    drawn: int


def drawn(turn: UUID) -> bool:
    """One in twenty, always the same ones: by the last digits of the id, which mean nothing."""
    return turn.int % ONE_IN == 0


def differ(one: str, other: str) -> bool:
    """Whether two answers have hardly a word in common."""
    words, others = set(content_words(one)), set(content_words(other))
    return bool(words | others) and len(words & others) < FAR * len(words | others)


def disagree(given: tuple[str, str], shadow: tuple[str, str]) -> bool:
    """Each is an answer with the verdict on it: one passed and the other did not, or they say
    something else."""
    (answer, stood), (other, verdict) = given, shadow
    return (stood == "ok") != (verdict == "ok") or differ(answer, other)


def quality(said: Iterable[tuple[int, int]], counts: Mapping[int, int]) -> Estimate | None:
    """`said` are the reason and the stars of each drawn turn that was reviewed, `counts` how many
    were drawn for each reason. None while too few were reviewed, or a group was not at all."""
    groups: dict[int, list[int]] = defaultdict(list)
    for reason, stars in said:
        groups[reason].append(stars)
    reviewed = sum(map(len, groups.values()))
    whole = sum(counts.values())
    if reviewed < LEAST or any(counts[reason] and reason not in groups for reason in counts):
        return None
    value = variance = 0.0
    for reason, given in groups.items():
        weight = max(counts.get(reason, 0), len(given)) / max(whole, reviewed)
        mean = sum(given) / len(given)
        spread = sum((one - mean) ** 2 for one in given) / max(1, len(given) - 1)
        value += weight * mean
        variance += weight**2 * spread / len(given)
    margin = _Z * math.sqrt(variance)
    low, high = max(1.0, value - margin), min(5.0, value + margin)
    return Estimate(value, low, high, reviewed, whole)
