"""What a simulated customer's experience is worth: 0 to 100 points.

60 for what they came for: the share of answers they waited for that came and were right. 25 when
nothing was said to them that must never be said. 15 for manners: nobody was left waiting, talked at
without having asked, or answered by the bot while a person had the word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaluation.assessing import plain
from text.rudeness import rude

GOAL, KEPT, MANNERS = 60.0, 25.0, 15.0
FOLDED: Final = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Experience:
    """`due` are the answers their script waits for, whether it came so far or not."""

    due: int
    right: int
    unanswered: int
    surplus: int
    after_a_person: int
    heard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Points:
    goal: float
    kept: float
    manners: float
    forbidden: tuple[str, ...]

    @property
    def total(self) -> float:
        return round(self.goal + self.kept + self.manners, 2)


def points(lived: Experience, never: Sequence[str], insults: Sequence[str]) -> Points:
    told = plain("\n".join(lived.heard))
    forbidden = [one for one in never if re.search(one, told, FOLDED)] + rude(told, insults)
    missing = max(lived.due - lived.right, 0)
    share = 1.0 if lived.due == 0 else 1 - missing / lived.due
    rough = lived.unanswered or lived.surplus or lived.after_a_person
    return Points(
        goal=round(GOAL * share, 2),
        kept=0.0 if forbidden else KEPT,
        manners=0.0 if rough else MANNERS,
        forbidden=tuple(forbidden),
    )
