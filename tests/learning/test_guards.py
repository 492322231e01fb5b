"""What takes a candidate back at once, and what is the network's fault."""

import pytest

from config.rollout import RolloutSettings
from learning.guards import Window, tripped

KNOBS = RolloutSettings()
FINE = Window(answers=100)


@pytest.mark.parametrize(
    ("canary", "rail"),
    [
        (Window(answers=20, leaked=1), "personal data or instructions given away"),
        (Window(answers=3, invented=3), "invented amounts"),
        (Window(answers=50, invented=7), "invented amounts"),
        (Window(answers=200, invented=12), "invented amounts"),
        (Window(answers=20, rude=2), "insults"),
        (Window(answers=4, failed=4), "errors"),
        (Window(answers=20, failed=10), "errors"),
        (Window(answers=10, slow=7), "answers over 3500 ms"),
    ],
)
def test_a_bad_one_touches_a_rail(canary: Window, rail: str) -> None:
    trip = tripped(FINE, canary, KNOBS)

    assert trip is not None
    assert trip.rail == rail


@pytest.mark.parametrize(
    "canary",
    [
        Window(),
        Window(answers=100),
        Window(answers=1, invented=1),
        Window(answers=1, rude=1),
        Window(answers=2, invented=2),
        Window(answers=50, invented=6),
        Window(answers=200, invented=11),
        Window(answers=3, failed=3),
        Window(answers=100, failed=8),
        Window(answers=100, slow=9),
    ],
)
def test_bad_luck_is_none(canary: Window) -> None:
    assert tripped(FINE, canary, KNOBS) is None


def test_where_all_fail_or_are_slow_the_candidate_is_not_to_blame() -> None:
    outage = Window(answers=100, failed=60)
    slow = Window(answers=100, slow=60)

    assert tripped(outage, Window(answers=20, failed=12), KNOBS) is None
    assert tripped(slow, Window(answers=20, slow=12), KNOBS) is None
    assert tripped(FINE, Window(answers=20, slow=12), KNOBS) is not None


def test_a_window_of_a_great_many_answers_can_be_judged() -> None:
    """As when everybody's answers are slow: a busy shop has thousands within ten minutes."""
    slow = Window(answers=6_000, slow=3_000)
    worse = tripped(slow, Window(answers=2_000, slow=1_300), KNOBS)

    assert tripped(slow, Window(answers=2_000, slow=1_000), KNOBS) is None
    assert worse is not None
    assert worse.rail == "answers over 3500 ms"


def test_what_was_never_answered_cannot_have_been_invented() -> None:
    """The share of invented amounts is one of the candidate's own answers."""
    trip = tripped(FINE, Window(answers=100, failed=2, invented=9), KNOBS)

    assert str(trip) == "invented amounts: 9 of 98 answers"
