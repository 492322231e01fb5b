"""The guard rails, looked at after every answer of simulated candidates."""

import pytest

from benchmarks.rails import DAYS, KNOBS, NEVER, RAILS, TRAFFIC, least, taken, until

SMALL, BUSY = TRAFFIC[0], TRAFFIC[2]


@pytest.mark.parametrize("rail", RAILS)
@pytest.mark.parametrize("daily", [SMALL, BUSY])
def test_who_is_as_good_as_it_has_to_be_is_hardly_ever_taken_back(rail: str, daily: int) -> None:
    """Below the most it may be wrong; six thousand looks in a busy shop."""
    usual = RAILS[rail][1]

    assert taken(rail, usual, daily, runs=100) <= 0.04


@pytest.mark.parametrize(("rail", "answers"), [("invented", 3), ("failed", 4)])
def test_who_is_always_wrong_is_taken_back_by_its_first_answers(rail: str, answers: int) -> None:
    assert until(rail, 1.0, runs=20) == answers


@pytest.mark.parametrize("rail", RAILS)
def test_in_a_small_shop_one_wrong_answer_of_five_is_seen_within_the_days(rail: str) -> None:
    """The last ten minutes alone hold one answer, or none."""
    found = until(rail, 0.2, runs=60)

    assert found is not None
    assert found < SMALL * DAYS
    assert least(rail, 1) == NEVER
    assert least(rail, KNOBS.window_answers) < KNOBS.window_answers / 4
