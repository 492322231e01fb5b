"""Whether people still look like those a model learned from."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prediction.drift import WORDS, aged, drifted, shift
from prediction.shares import psi, reference
from prediction.table import Feature
from prediction.training import train
from tests.prediction.cases import AT, FEATURES, borrowers

NUMBERS = st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), min_size=1, max_size=80)
NAMES = st.lists(st.none() | st.sampled_from(["a", "b", "c"]), min_size=1, max_size=80)


@given(NUMBERS)
@settings(deadline=None)
def test_the_same_numbers_have_not_moved(values: list[float]) -> None:
    column = np.array(values)
    assert psi(reference(column, Feature("x")), column) == 0


@given(NAMES)
@settings(deadline=None)
def test_the_same_names_have_not_moved(values: list[str | None]) -> None:
    column = np.array(values, object)
    assert psi(reference(column, Feature("x", "category")), column) == 0


@given(NUMBERS, NUMBERS)
@settings(deadline=None)
def test_the_index_is_never_below_zero(then: list[float], now: list[float]) -> None:
    assert psi(reference(np.array(then), Feature("x")), np.array(now)) >= 0


def test_the_index_is_the_sum_that_siddiqi_gives() -> None:
    then = reference(np.array(["a"] * 50 + ["b"] * 50, object), Feature("x", "category"))
    now = np.array(["a"] * 80 + ["b"] * 20, object)
    wanted = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert psi(then, now) == pytest.approx(wanted, abs=1e-9)


def test_what_is_no_longer_known_is_a_bin_of_its_own() -> None:
    values = np.arange(100.0)
    then = reference(values, Feature("x"))
    assert psi(then, np.where(values < 50, np.nan, values)) > 0.25


def test_a_model_sees_which_feature_moved() -> None:
    model = train(borrowers(600), FEATURES, seed=1, at=AT)
    same = drifted(model, borrowers(600, seed=2))
    assert same.worst < 0.1
    table = borrowers(600, seed=2)
    later = replace(
        table, features={**table.features, "late_months": table.features["late_months"] + 2}
    )
    found = drifted(model, later)
    assert found.features["late_months"] > 0.25 > found.features["debt"]
    assert found.worst == max(found.score, found.features["late_months"])
    assert found.cases == 600


@pytest.mark.parametrize(
    ("index", "word"), [(0.0, "steady"), (0.099, "steady"), (0.1, "moved"), (0.25, "moved"),
                        (0.251, "changed")],
)  # fmt: skip
def test_each_index_has_its_word(index: float, word: str) -> None:
    assert shift(index) == word
    assert WORDS[shift(index)]


def test_a_model_of_more_than_a_year_ago_is_old() -> None:
    assert not aged(date(2025, 11, 21), date(2026, 11, 21))
    assert aged(date(2025, 11, 20), date(2026, 11, 21))
