"""How fast a person writes: WhatsApp watches numbers that answer like machines."""

import random

FIRST_S, LETTER_S, LONGEST_S = 0.6, 0.02, 4.0
SPREAD = 0.35


def pause_s(key: str, letters: int) -> float:
    """From the part's own key, so that it is the same at every attempt, and no two are alike."""
    luck = random.Random(key).uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311  spreads, hides nothing
    return min(FIRST_S + letters * LETTER_S, LONGEST_S) * luck
