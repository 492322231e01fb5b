"""Which intents the words of a text speak for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from text.phrases import Phrases
from text.stemming import stem

PHRASE_BONUS: Final = 0.5
"""What each further word of a phrase adds: `cuánto sale` says more than `cuánto`."""


def weigh(
    phrases: Phrases[str], words: Sequence[str], weights: Mapping[str, float]
) -> dict[str, float]:
    """The weight of every intent spoken for; saying it twice in the same words counts once."""
    scores: dict[str, float] = {}
    counted: set[tuple[str, ...]] = set()
    for start, end, names in phrases.found(words):
        key = tuple(words[start:end])
        if key in counted:
            continue
        counted.add(key)
        for name in names:
            bonus = 1 + PHRASE_BONUS * (end - start - 1)
            scores[name] = scores.get(name, 0.0) + weights[name] * bonus
    return scores


def expand(words: Iterable[str], abbreviations: Mapping[str, Sequence[str]]) -> list[str]:
    """Folded words as stems, with what customers write for short written out."""
    expanded: list[str] = []
    for word in words:
        expanded += abbreviations.get(word) or (stem(word),)
    return expanded
