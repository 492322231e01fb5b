"""Simulated candidates, under the very rules: how seldom one is taken back for nothing, and how
soon for a harm."""

import numpy as np
import pytest

from benchmarks.harms import LIMIT, MOST, PLANTED, SAME, played, taken_back
from learning.sequential import ALPHA

RUNS = 60


@pytest.mark.parametrize("percent", [10, 50])
def test_without_a_difference_hardly_any_is_taken_back(percent: int) -> None:
    """All five together keep the promise of one; a test that is peeked at as often breaks it."""
    assert taken_back(SAME, percent, RUNS)["share"] <= 2 * ALPHA


def test_who_is_as_bad_as_it_may_be_stays() -> None:
    assert taken_back(LIMIT, 50, RUNS)["share"] <= 2 * ALPHA


@pytest.mark.parametrize(
    ("name", "percent", "metric", "within"),
    [
        ("handed_30_of_100", 10, "handover", 1_000),
        ("handed_20_of_100", 50, "handover", 1_200),
        ("half_again_as_slow", 10, "delay", 800),
        ("twice_as_slow", 10, "delay", 400),
    ],
)
def test_a_harm_is_found(name: str, percent: int, metric: str, within: int) -> None:
    found = taken_back(PLANTED[name], percent, RUNS)

    assert found["share"] >= 0.95
    assert found["for"][metric] >= 0.9 * RUNS
    assert found["median"] <= within


def test_a_side_is_what_it_was_drawn_as() -> None:
    side = played(np.random.default_rng(1), LIMIT, np.arange(MOST)).seen(MOST)
    usual = played(np.random.default_rng(1), SAME, np.arange(MOST)).seen(MOST)

    assert side.of("handover").mean == pytest.approx(0.12, abs=0.01)
    assert side.of("recontact").mean == pytest.approx(0.15, abs=0.02)
    assert side.of("delay").mean == pytest.approx(1.2 * usual.of("delay").mean)
    assert list(side.delays) == sorted(side.delays)
    apart = 0.95 * 0.05 / 3
    assert apart < usual.of("delay").variance < 3 * apart, "answers of one are slow together"
