"""The likeliest intents of a text, so that people can be told what else it was taken for."""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Final, TypeAlias

LIKELIEST: Final = 3
Likely: TypeAlias = tuple[tuple[str, float], ...]
"""Names with a confidence between 0 and 1, the likeliest first."""


def of_rules(ranked: Sequence[tuple[str, float]]) -> Likely:
    """Of what rules weighed, the heaviest first: how sure one would be of each, were it the one
    that is answered. That is high where it is well spoken for and none competes with it."""
    whole = sum(score for _, score in ranked)
    return tuple((name, _confidence(score, whole)) for name, score in ranked[:LIKELIEST])


def of_odds(odds: Mapping[str, float]) -> Likely:
    first = nlargest(LIKELIEST, odds.items(), key=lambda one: one[1])
    return tuple((name, round(each, 3)) for name, each in first)


def led_by(name: str, confidence: float, others: Likely) -> Likely:
    """The same with this one before all others."""
    rest = [one for one in others if one[0] != name]
    return ((name, confidence), *rest)[:LIKELIEST]


def _confidence(score: float, whole: float) -> float:
    spoken: float = 1 - 0.5**score
    return round(spoken * (0.5 + 0.5 * score / whole), 3)
