"""Kappa tells agreement from luck; its values are those of worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.agreement import agreement

SCORES = st.sampled_from([None, 1, 2, 3, 4, 5])


def test_kappa_is_cohen_s() -> None:
    """The 2x2 table of 20, 5, 10 and 15: .70 agree, .50 would by chance."""
    people = [4] * 20 + [4] * 5 + [1] * 10 + [1] * 15
    others = [4] * 20 + [1] * 5 + [4] * 10 + [1] * 15
    assert agreement(people, others).kappa == pytest.approx(0.4)


def test_weighted_kappa_forgives_what_is_near() -> None:
    people = [1, 2, 3, 4, 5] * 4
    near = [2, 2, 3, 4, 4] * 4
    far = [5, 2, 3, 4, 1] * 4
    assert agreement(people, near).kappa == agreement(people, far).kappa
    assert (agreement(people, near).weighted or 0) > 0.85
    assert (agreement(people, far).weighted or 0) < 0


def test_who_always_says_the_same_agrees_by_luck_alone() -> None:
    assert agreement([1, 2, 3, 4, 5], [4] * 5).kappa == 0
    assert agreement([4, 4], [4, 4]).kappa is None


def test_what_is_told_counts_praise_that_was_none() -> None:
    found = agreement([1, None, 5, 4, 3], [5, 4, 5, 4, None])
    assert (found.negatives_praised, found.praise_right) == (1, 0.5)
    assert found.confusion["1"] == {"5": 1}
    assert found.confusion["-"] == {"4": 1}


def test_there_has_to_be_something_to_compare() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        agreement([], [])


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1))
def test_agreement_is_mutual_and_within_bounds(
    pairs: list[tuple[int | None, int | None]],
) -> None:
    left, right = [one for one, _ in pairs], [two for _, two in pairs]
    one, two = agreement(left, right), agreement(right, left)

    assert (one.kappa, one.weighted, one.exact) == (two.kappa, two.weighted, two.exact)
    assert -1 <= (one.kappa or 0) <= 1
    assert agreement(left, left).exact == 1
