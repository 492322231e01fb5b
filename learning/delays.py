"""By how much a candidate's p95 is later than the others', whatever the delays are like. Pure.

A quantile lies where a share of the answers does, so bounds of the share, turned around, bound the
quantile (S. R. Howard, A. Ramdas, "Sequential estimation of quantiles with applications to A/B
testing and best-arm identification", Bernoulli 28(3), 2022, pages 1704-1728). The share is held by
the same sequence as everything else of a rollout, which is narrower than theirs and asymptotic;
its variance is that of conversations, for the answers of one are slow together.
"""

import math
from collections.abc import Sequence

from config.rollout import FINE, PART
from learning.sequential import Difference, Sample, reach


def variance(spread: float | None, answers: float | None) -> float:
    """Of the share of one conversation's answers that come after the p95 of its side. `spread` is
    the variance of how many more than expected those are, `answers` how many it has in the mean;
    no less than of answers that know nothing of each other."""
    each = answers or 1.0
    return max((spread or 0.0) / each**2, PART * (1 - PART) / each)


def later(
    control: Sample, canary: Sample, delays: Sequence[float], alpha: float, least: int
) -> Difference | None:
    """In milliseconds. The means of the samples are p95s, `delays` those of the candidate from the
    shortest to the longest. Where the bound lies beyond the longest one there is none above."""
    if min(control.count, canary.count) < max(least, 2) or not delays:
        return None
    error = math.sqrt(control.variance / control.count + canary.variance / canary.count)
    count = control.count + canary.count
    half = reach(count, alpha) * error
    below, above = math.floor((PART - half) * FINE), math.ceil((PART + half) * FINE)
    low = delays[below] if below >= 0 else 0.0
    high = delays[above] if above <= FINE else math.inf
    usual = control.mean
    return Difference(canary.mean - usual, low - usual, high - usual, count)
