"""Each of the things that are watched takes a candidate back, and all share one risk."""

from dataclasses import replace

import pytest

from learning.judging import METRICS, risk_of
from learning.rollout import judged
from learning.sequential import ALPHA, Sample
from tests.learning.test_rollout import CANARY, DELAYS, KNOBS, LATER, seen


@pytest.mark.parametrize(
    ("metric", "canary"),
    [
        ("recontact", Sample(1500, 0.25, 0.1875)),
        ("handover", Sample(1500, 0.2, 0.16)),
        ("cost", Sample(1500, 9_000.0, 40_000.0)),
    ],
)
def test_who_comes_back_and_what_it_costs_count_too(metric: str, canary: Sample) -> None:
    stats = seen((1500, 4.4), (1500, 4.4))
    worse = replace(stats.canary, samples={**stats.canary.samples, metric: canary})

    move, found = judged(CANARY, replace(stats, canary=worse), KNOBS, LATER)

    assert move is not None
    assert (move.to, found.harms) == ("rolled_back", (metric,))


def test_all_that_takes_one_back_shares_the_risk_of_one() -> None:
    assert sum(map(risk_of, METRICS)) == pytest.approx(ALPHA)


@pytest.mark.parametrize(("times", "harms"), [(1.1, ()), (1.2, ()), (1.6, ("delay",))])
def test_a_p95_that_is_surely_later_counts_too(times: float, harms: tuple[str, ...]) -> None:
    """By a fifth it may be later."""
    stats = seen((1500, 4.4), (1500, 4.4))
    slower = {**stats.canary.samples, "delay": Sample(1500, 1_900.0 * times, 0.0475)}
    canary = replace(stats.canary, samples=slower, delays=tuple(times * one for one in DELAYS))

    move, found = judged(CANARY, replace(stats, canary=canary), KNOBS, LATER)

    assert found.harms == harms
    assert (move is not None and move.to == "rolled_back") is bool(harms)
