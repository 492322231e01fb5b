"""Pictures of what is known and how surely, and how long something will still take."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from app.rollout_views import drawn
from learning.sequential import Difference
from web.plots import corridor, metrics, thinned, whisker
from web.progress import minutes, remaining

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_corridor_narrows_around_its_line_and_wide_beginnings_are_cut_off() -> None:
    points = [Difference(0.0, -9.0, 9.0, 20), Difference(0.1, -0.4, 0.6, 200)]

    drawn = corridor(points, -0.1)

    assert drawn is not None
    assert drawn.counts == (20, 200)
    assert drawn.area.split() == ["0.00,0.00", "100.00,18.75", "100.00,70.83", "0.00,100.00"]
    assert drawn.zero == 50
    assert drawn.limit > drawn.zero, "worse is below"


def test_one_point_is_no_corridor() -> None:
    assert corridor([Difference(0.0, -1.0, 1.0, 20)], -0.1) is None


def test_no_difference_is_in_the_middle_of_a_whisker() -> None:
    assert (whisker(-1, 0, 0.5).value, whisker(-1, 0, 0.5).low) == (50, 0)
    assert whisker(0, 0, 0).high == 50


def test_what_is_not_bounded_above_goes_on_to_the_edge() -> None:
    open_ = whisker(-1, 1, math.inf)
    assert (open_.low, open_.value, open_.high) == (0, 100, 100)
    assert drawn(-1, 0, None) == "├" + 19 * "─" + "●" + 19 * "─" + "┤"


def test_a_curve_is_of_the_lines_that_hold_the_figure() -> None:
    told: list[dict[str, float]] = [
        {"step": 1, "loss": 2.0},
        {"saved": 1},
        {"step": 9, "loss": 0.5},
    ]
    assert metrics(told, "loss") == (("1", 2.0), ("9", 0.5))


def test_a_long_curve_keeps_its_ends() -> None:
    points = [(str(place), float(place)) for place in range(1000)]
    drawn = thinned(points, 120)
    assert (len(drawn), drawn[0], drawn[-1]) == (120, points[0], points[-1])


@pytest.mark.parametrize(("percent", "left"), [(50, 10), (75, 3), (2, None), (100, None)])
def test_what_is_left_takes_as_long_as_what_is_done(percent: int, left: int | None) -> None:
    found = remaining(percent, NOW - timedelta(minutes=10), NOW)
    assert (None if found is None else minutes(found)) == left


def test_nobody_can_tell_before_it_began() -> None:
    assert remaining(50, None, NOW) is None
