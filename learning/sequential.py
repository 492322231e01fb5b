"""Statistics that may be looked at after every conversation, and still keep their promises. Pure.

A fixed test that is peeked at every day raises false alarms far more often than it says. These
confidence sequences hold at all times at once: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy,
A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
Statistics 52(6), 2024 (arXiv 2103.06476), the one-sided bounds of its appendix (eq. 134), with the
variance of a difference of two means.
"""

import math
from dataclasses import dataclass
from typing import Final

ALPHA: Final = 0.025
OF_SCORE, OF_OTHERS = ALPHA / 3, ALPHA / 6
"""Score, recontact, hand-overs, cost and delay are watched at once: each has its part of the risk
of a false alarm, and together they have all of it."""
PLANNED: Final = 1_000
"""The bounds are narrowest about so many conversations, and valid at every number."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The conversations of one side in which something was seen; `variance` is that of one."""

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Canary minus control. Each bound holds at all times with its own probability of 1 - alpha."""

    value: float
    low: float
    high: float
    count: int

    @property
    def is_open(self) -> bool:
        """Nothing bounds it above yet."""
        return math.isinf(self.high)


def mixing(alpha: float, planned: int = PLANNED) -> float:
    """The parameter rho that makes the bounds narrowest about `planned` observations."""
    risk = -2 * math.log(2 * alpha)
    return math.sqrt((risk + math.log(risk + 1)) / planned)


def reach(count: int, alpha: float, planned: int = PLANNED) -> float:
    """How many standard errors of the difference lie between it and its one-sided bound."""
    spread = count * mixing(alpha, planned) ** 2
    tail = math.log1p(math.sqrt(spread + 1) / (2 * alpha))
    return math.sqrt(2 * (spread + 1) / spread * tail)


def difference(control: Sample, canary: Sample, alpha: float, least: int = 2) -> Difference | None:
    """None until both sides have `least` observations: a variance of fewer is no variance."""
    if min(control.count, canary.count) < max(least, 2):
        return None
    error = math.sqrt(control.variance / control.count + canary.variance / canary.count)
    count = control.count + canary.count
    half = reach(count, alpha) * error
    value = canary.mean - control.mean
    return Difference(value, value - half, value + half, count)


def odds_of_split(control: int, canary: int, percent: int) -> float:
    """The probability of a split at least so far from `percent`, if customers were drawn as they
    should be: a chi-squared test of the sample ratio, one degree of freedom."""
    total = control + canary
    wanted = total * percent / 100
    if total == 0 or wanted in {0, total}:
        return 1.0
    chi = (canary - wanted) ** 2 / wanted + (control - (total - wanted)) ** 2 / (total - wanted)
    return math.erfc(math.sqrt(chi / 2))


def at_least(hits: int, count: int, share: float) -> float:
    """The probability of so many hits or more among `count`, where each has a chance of `share`.

    By logarithms: of some thousand answers a binomial coefficient is larger than any float.
    """
    every = math.lgamma(count + 1)
    below = (
        math.exp(
            every - math.lgamma(one + 1) - math.lgamma(count - one + 1)
            + one * math.log(share) + (count - one) * math.log1p(-share)
        )
        for one in range(min(hits, count + 1))
    )  # fmt: skip
    return max(0.0, 1.0 - math.fsum(below))
