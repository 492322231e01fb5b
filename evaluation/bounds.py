"""How sure one can be of a share: exact bounds of Clopper and Pearson (Biometrika 26, 1934).

All bounds are one-sided: with 0 faults in 199 answers at most 1.5 % are faulty, at 95 %.
"""

from collections.abc import Callable
from typing import Final

from scipy.special import betaincinv

MOST: Final = 10_000_000
"""More cases than anybody will ever write: what needs them cannot be shown."""


def at_most(faults: float, of: int, confidence: float) -> float:
    """The share of faults is no larger than this. Faults that are only expected need not be whole,
    so that the bound closes evenly."""
    return 1.0 if faults >= of else float(betaincinv(faults + 1, of - faults, confidence))


def at_least(faults: int, of: int, confidence: float) -> float:
    """The share of faults is no smaller than this."""
    return 0.0 if faults <= 0 else float(betaincinv(faults, of - faults + 1, 1 - confidence))


def needed(faults: int, of: int, limit: float, confidence: float) -> int | None:
    """How many cases show that at most `limit` are faulty: where as many fail as till now if that
    is within the limit, else where nothing fails any more. None when no number of cases does."""
    within = of > 0 and faults / of < limit

    def shown(count: int) -> bool:
        expected = faults * count / of if within else faults
        return at_most(expected, count, confidence) <= limit

    return _first(shown, max(of, 1))


def _first(shown: Callable[[int], bool], start: int) -> int | None:
    """The smallest count that shows it, by doubling and halving."""
    low, high = start, start
    while not shown(high):
        low, high = high, high * 2
        if high > MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return low if shown(low) else high
