"""A business's own words for how a customer took an answer, as one more signal of the score."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.scoring import Evidence, Signal
from text.folding import fold

WEIGHTS = {5: 2.5, 4: 1.0, 3: 0.0, 2: -1.0, 1: -2.5}
SALE = 2.8
NEGATORS = frozenset({"no", "ni", "nunca", "jamas", "tampoco", "nada"})
REACH = 2
"""So many words before a phrase may turn it round; then it says nothing here."""


def words_signal(score: Mapping[int, Sequence[str]], success: Sequence[str]) -> Signal:
    """`score` holds phrases by grade; a phrase of `success` is a step towards buying."""
    known = {fold(phrase): ("purchase_intent", SALE) for phrase in success}
    for grade, phrases in score.items():
        for phrase in phrases:
            known.setdefault(fold(phrase), (f"business_{grade}", WEIGHTS[grade]))
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")
    return Words(known, pattern) if known else _silent


@dataclass(frozen=True, slots=True)
class Words:
    """`known` says of each phrase by which rule it counts, and how much."""

    known: Mapping[str, tuple[str, float]]
    pattern: re.Pattern[str] = field(repr=False)

    def __call__(self, text: str) -> Evidence | None:
        folded = fold(text)
        for found in self.pattern.finditer(folded):
            before = re.findall(r"\w+", folded[: found.start()])[-REACH:]
            if not NEGATORS & set(before):
                rule, weight = self.known[found[1]]
                return Evidence(rule, found[1], weight)
        return None


def _silent(_text: str) -> Evidence | None:
    return None
