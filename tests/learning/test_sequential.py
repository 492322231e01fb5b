"""Bounds that may be looked at all the time, held against figures worked out elsewhere."""

import math
import random
from statistics import fmean, variance

import pytest

from learning.sequential import (
    ALPHA,
    OF_OTHERS,
    OF_SCORE,
    Sample,
    at_least,
    difference,
    mixing,
    odds_of_split,
    reach,
)


def sample(values: list[float]) -> Sample:
    return Sample(len(values), fmean(values), variance(values))


def test_the_bound_is_that_of_the_paper() -> None:
    """Equation 134: (1) sqrt(2(n r² + 1)/(n r)² · log(1 + sqrt(n r² + 1)/(2 alpha))), for sd 1."""
    count, alpha = 1_200, 0.025
    rho = mixing(alpha)
    spread = count * rho**2 + 1
    half = math.sqrt(
        2 * spread / (count * rho) ** 2 * math.log(1 + math.sqrt(spread) / (2 * alpha))
    )

    assert reach(count, alpha) / math.sqrt(count) == pytest.approx(half)


def test_looking_all_the_time_costs_more_than_looking_once() -> None:
    once = 1.96
    assert once < reach(1_000, ALPHA) < 3.2
    assert reach(1_000, OF_OTHERS) > reach(1_000, OF_SCORE) > reach(1_000, ALPHA)


def test_the_bounds_are_narrowest_about_the_planned_number() -> None:
    assert reach(1_000, ALPHA) < min(reach(50, ALPHA), reach(50_000, ALPHA))


def test_more_conversations_narrow_the_difference() -> None:
    few = difference(Sample(90, 4.4, 0.8), Sample(30, 4.1, 0.8), ALPHA)
    many = difference(Sample(9_000, 4.4, 0.8), Sample(3_000, 4.1, 0.8), ALPHA)

    assert few is not None
    assert many is not None
    assert few.low < -0.3 < 0 < few.high
    assert many.low < -0.3 < many.high < -0.1


@pytest.mark.parametrize("counts", [(0, 100), (100, 29), (29, 100), (1, 1)])
def test_too_few_say_nothing(counts: tuple[int, int]) -> None:
    control, canary = counts
    assert difference(Sample(control, 4, 1), Sample(canary, 4, 1), ALPHA, least=30) is None


def test_a_true_difference_stays_between_its_bounds_at_every_look() -> None:
    """Looked at 19 times; two bounds of 2.5 % each, with room for luck."""
    dice = random.Random(7)  # noqa: S311  a simulation
    missed = sum(_misses(dice) for _ in range(60))

    assert missed <= 6


def _misses(dice: random.Random) -> bool:
    control = [dice.gauss(4.4, 0.9) for _ in range(400)]
    canary = [dice.gauss(4.3, 0.9) for _ in range(400)]
    looks = (
        difference(sample(control[:seen]), sample(canary[:seen]), ALPHA, 30)
        for seen in range(40, 401, 20)
    )
    return any(found is not None and not found.low < -0.1 < found.high for found in looks)


@pytest.mark.parametrize(
    ("control", "canary", "percent", "odds"),
    [
        (900, 100, 10, 1.0),
        (450, 550, 50, 0.00157),  # chi-squared of 10
        (0, 0, 10, 1.0),
        (0, 40, 100, 1.0),
    ],
)
def test_the_odds_of_a_split_are_those_of_chi_squared(
    control: int, canary: int, percent: int, odds: float
) -> None:
    assert odds_of_split(control, canary, percent) == pytest.approx(odds, rel=0.01)


def test_a_broken_split_is_unlikely() -> None:
    assert odds_of_split(900, 160, 10) < 0.001


@pytest.mark.parametrize(
    ("hits", "count", "share", "odds"),
    [(0, 10, 0.05, 1.0), (1, 1, 0.015, 0.015), (2, 10, 0.05, 0.08614), (4, 4, 0.05, 6.25e-06)],
)
def test_the_odds_of_so_many_hits_are_binomial(
    hits: int, count: int, share: float, odds: float
) -> None:
    assert at_least(hits, count, share) == pytest.approx(odds, rel=0.001)
