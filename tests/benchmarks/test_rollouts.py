"""The simulated rollouts hold what they say of customers, stars and promises."""

import numpy as np
import pytest

from benchmarks.load import load
from benchmarks.rollouts import STARS, USUAL, WORST, played, rollouts


def test_the_stars_are_those_of_the_page() -> None:
    assert pytest.approx(4.40) == STARS @ USUAL
    assert pytest.approx(4.10) == STARS @ WORST
    assert pytest.approx(1.0) == USUAL.sum() == WORST.sum()


@pytest.mark.parametrize("truth", [-0.3, -0.1, 0.0, 0.2])
def test_a_planted_difference_is_the_one_that_is_seen(truth: float) -> None:
    looks = played(50, truth, 60)

    assert float(np.mean(looks.value[:, -1])) == pytest.approx(truth, abs=0.02)
    assert looks.canaries[:, -1].mean() == pytest.approx(3_000, rel=0.02)


def test_peeking_alone_cries_wolf() -> None:
    told: list[str] = []

    found = rollouts(load(told.append, quick=True))

    at = found["no_difference"]["at_50"]
    assert at["false_harm"] <= 0.05 < at["fixed_test_peeked_at"]
    worse, better = (found["planted"]["at_50"][name] for name in ("-3_tenths", "+2_tenths"))
    assert (worse["harm"], better["harm"], better["not_worse"]) == (1.0, 0.0, 1.0)
    assert found["heard"]["at_50"]["alike"] <= 0.05
    assert found["heard"]["at_50"]["silenced"] == 1.0
    assert found["rails"]["false"]["failed"]["at_10_in_1000"]["3_a_day"] == 0.0
    assert worse["harm_median"] < found["time"]["fixed"]
    assert len(told) == 1
