"""Whether a candidate's customers are shown to be content: the stars they gave when asked. Pure.

Stars are few, and most of them are five, which bounds that rest on a variance take for certainty.
These bet against a mean, and are exact after every answer: I. Waudby-Smith, A. Ramdas, "Estimating
means of bounded random variables by betting", Journal of the Royal Statistical Society B 86(1),
2024. How much is bet does not change, so that only the number of each star matters.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from learning.sequential import ALPHA

BEST: Final = 5
BETS: Final = tuple(part / 20 for part in range(1, 20))
"""Parts of what may be bet without being ruined by one star; the wins of all are averaged."""
MOST: Final = 1 << 20
FINE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Contentment:
    """The mean lies between `low` and `high`, whenever one looks; `limit` is what it has to keep,
    and so many more stars are `lacking` to show that it does."""

    count: int
    mean: float
    limit: float
    low: float
    high: float
    lacking: int

    @property
    def shown(self) -> bool:
        return self.lacking == 0

    @property
    def missed(self) -> bool:
        return self.high < self.limit

    def told(self) -> dict[str, Any]:
        return {
            "count": self.count, "mean": round(self.mean, 6), "low": round(self.low, 3),
            "high": round(self.high, 3), "limit": self.limit, "lacking": self.lacking,
        }  # fmt: skip


def contentment(stars: Sequence[float], limit: float, least: int) -> Contentment:
    """`stars` are how often there were one, two, up to five; of fewer than `least` nothing is
    shown."""
    count = sum(stars)
    low, high = 1.0, float(BEST)
    if count:
        low, high = _lowest(stars), BEST + 1 - _lowest(stars[::-1])
    return Contentment(round(count), _mean(stars), limit, low, high, _lacking(stars, limit, least))


def _mean(stars: Sequence[float]) -> float:
    return sum(star * times for star, times in enumerate(stars, 1)) / max(sum(stars), 1)


def won(stars: Sequence[float], mean: float) -> float:
    """What bets have made of one, where the mean is no higher than `mean`: more than 1 / alpha
    with a probability of alpha at most, ever."""
    logs = [
        sum(n * math.log1p(bet * (star - mean) / (mean - 1)) for star, n in enumerate(stars, 1))
        for bet in BETS
    ]
    top = max(logs)
    if top > 700:  # noqa: PLR2004  a float ends there
        return math.inf
    return math.fsum(map(math.exp, logs)) / len(logs)


def _lowest(stars: Sequence[float]) -> float:
    low, high = 1.0, float(BEST)
    while high - low > FINE:
        middle = (low + high) / 2
        low, high = (middle, high) if won(stars, middle) >= 1 / ALPHA else (low, middle)
    return low


def _lacking(stars: Sequence[float], limit: float, least: int) -> int:
    """More of the same, where those are good enough; else as if everybody gave five from now on."""
    count = sum(stars)
    alike = _mean(stars) > limit

    def shown(more: int) -> bool:
        then = [n * (1 + more / count) for n in stars] if alike else [*stars[:-1], stars[-1] + more]
        return count + more >= least and won(then, limit) >= 1 / ALPHA

    below, above = 0, 1
    if shown(0):
        return 0
    while not shown(above) and above < MOST:
        below, above = above, 2 * above
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if shown(middle) else (middle, above)
    return above
