"""How much later a p95 is, and how surely."""

import math

import pytest

from config.rollout import FINE, PART
from learning.delays import later, variance
from learning.sequential import ALPHA, OF_OTHERS, Sample, reach

EVEN = tuple(float(10 * step) for step in range(FINE + 1))
"""Delays as often of every length up to two seconds."""


def test_bounds_of_a_share_turned_around_bound_the_delay() -> None:
    one = Sample(2_000, 1_900.0, variance(None, 1.0))
    found = later(one, one, EVEN, ALPHA, 30)

    half = reach(4_000, ALPHA) * math.sqrt(2 * PART * (1 - PART) / 2_000)
    assert found is not None
    assert (found.value, found.count) == (0.0, 4_000)
    assert found.low == pytest.approx(-2_000 * half, abs=10)
    assert found.low <= -2_000 * half
    assert found.high == pytest.approx(2_000 * half, abs=10)
    assert found.high >= 2_000 * half


def test_few_answers_bound_nothing_above() -> None:
    one = Sample(40, 1_900.0, variance(None, 1.0))
    found = later(one, one, EVEN, ALPHA, 30)

    assert found is not None
    assert found.is_open
    assert found.low < -100
    assert later(Sample(40), Sample(29), EVEN, ALPHA, 30) is None


def test_answers_that_are_slow_together_say_less() -> None:
    """Three answers each: all of a conversation's are late, or none."""
    apart, together = variance(3 * 0.0475, 3.0), variance(9 * 0.0475, 3.0)

    assert together == pytest.approx(3 * apart)
    assert variance(0.0, 3.0) == pytest.approx(apart), "nobody is surer than of answers apart"


def test_a_candidate_whose_slowest_are_those_of_the_others_is_not_later() -> None:
    control, canary = Sample(900, 1_900.0, 0.0475), Sample(100, 1_900.0, 0.0475)
    twice = tuple(2 * one for one in EVEN)

    same, worse = (later(control, canary, one, OF_OTHERS, 30) for one in (EVEN, twice))

    assert same is not None
    assert worse is not None
    assert same.low < 0 < worse.low
