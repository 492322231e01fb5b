"""Exact bounds: the figures of the tables, and those of scipy's own distribution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from evaluation.bounds import at_least, at_most, needed


@pytest.mark.parametrize(("faults", "cases"), [(0, 199), (1, 315), (2, 418), (3, 515), (5, 699)])
def test_so_many_answers_show_that_at_most_one_and_a_half_percent_are_invented(
    faults: int, cases: int
) -> None:
    assert at_most(faults, cases, 0.95) <= 0.015 < at_most(faults, cases - 1, 0.95)
    assert needed(faults, faults, 0.015, 0.95) == cases


def test_fifty_nine_quick_answers_in_a_row_show_a_percentile() -> None:
    assert needed(0, 1, 0.05, 0.95) == 59


@pytest.mark.parametrize(("wrong", "of"), [(14, 200), (1, 20), (2, 29), (31, 317), (3, 97)])
def test_what_was_seen_till_now_is_expected_to_go_on(wrong: int, of: int) -> None:
    """The first number of cases at which as many faults in a hundred show at most ten."""
    cases = needed(wrong, of, 0.10, 0.95)
    assert cases is not None
    assert at_most(wrong * cases / of, cases, 0.95) <= 0.10
    before = cases - 1
    assert before < of or at_most(wrong * before / of, before, 0.95) > 0.10


@pytest.mark.parametrize(("wrong", "of"), [(18, 263), (4, 89), (1, 46)])
def test_so_many_messages_show_that_nine_of_ten_are_read_well(wrong: int, of: int) -> None:
    assert at_most(wrong, of, 0.95) <= 0.10 < at_most(wrong, of - 1, 0.95)


def test_what_is_just_at_the_limit_is_never_shown() -> None:
    assert needed(100, 10_000_000, 0.000_000_1, 0.95) is None


@given(of=st.integers(1, 500), share=st.floats(0, 1))
def test_the_bounds_are_those_of_clopper_and_pearson(of: int, share: float) -> None:
    faults = round(of * share)
    upper = 1.0 if faults == of else float(beta.ppf(0.95, faults + 1, of - faults))
    lower = 0.0 if faults == 0 else float(beta.ppf(0.05, faults, of - faults + 1))
    assert at_most(faults, of, 0.95) == pytest.approx(upper, abs=1e-9)
    assert at_least(faults, of, 0.95) == pytest.approx(lower, abs=1e-9)
