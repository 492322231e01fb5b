"""Figures of probabilities, against those of others who count the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from prediction.measuring import POINTS, auc_of, bins_of, measured

SCORES = st.lists(st.integers(0, 20), min_size=5, max_size=30)


@given(SCORES, SCORES)
def test_the_figures_are_those_that_everybody_counts(good: list[int], late: list[int]) -> None:
    said = np.array([*good, *late]) / 20
    bad = np.repeat([0.0, 1.0], [len(good), len(late)])
    found = measured(said, bad)
    assert found.auc.value == pytest.approx(roc_auc_score(bad, said))
    assert found.average_precision.value == pytest.approx(average_precision_score(bad, said))
    assert found.brier.value == pytest.approx(brier_score_loss(bad, said))
    gap = ks_2samp(said[bad == 1], said[bad == 0], alternative="less", method="asymp")
    assert found.ks.value == pytest.approx(gap.statistic)


def scores(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    said = random.beta(2, 6, count)
    return said, (random.random(count) < said).astype(float)


def test_honest_probabilities_have_a_small_error_and_boasting_ones_a_large() -> None:
    said, bad = scores(20_000)
    assert measured(said, bad).ece < 0.01
    assert measured(np.sqrt(said), bad).ece > 0.15


def test_the_interval_holds_the_value_and_narrows_with_cases() -> None:
    few, many = (measured(*scores(count)).auc for count in (400, 20_000))
    for one in (few, many):
        assert one.low < one.value < one.high
    assert many.high - many.low < (few.high - few.low) / 3


def test_months_of_one_loan_are_no_independent_people() -> None:
    said, bad = scores(1000)
    alone = measured(said, bad).auc
    repeated = measured(np.repeat(said, 9), np.repeat(bad, 9)).auc
    grouped = measured(np.repeat(said, 9), np.repeat(bad, 9), np.repeat(np.arange(1000), 9)).auc
    assert repeated.high - repeated.low < (alone.high - alone.low) / 2
    assert grouped.high - grouped.low == pytest.approx(alone.high - alone.low, rel=0.25)


def test_points_for_drawing_are_few_and_go_from_corner_to_corner() -> None:
    found = measured(*scores(5000))
    assert len(found.roc) <= POINTS
    assert found.roc[0] == (0.0, 0.0)
    assert found.roc[-1] == (1.0, 1.0)
    assert all(a <= b for a, b in zip(found.roc, found.roc[1:], strict=False))
    assert len(found.bins) == 10
    assert {one.cases for one in found.bins} == {500}


def test_equal_scores_tell_nobody_apart() -> None:
    assert auc_of(np.full(10, 0.3), np.array([1.0, 0] * 5)) == 0.5


def test_the_share_of_bad_ones_is_of_what_was_measured() -> None:
    said, bad = scores(100)
    found = replace(measured(said, bad), first="2026-01-01")
    assert found.bad_share == bad.mean()
    assert sum(one.cases for one in bins_of(said[:7], bad[:7])) == 7
