"""How many stars show that customers are content, and how many more would."""

import numpy as np
import pytest

from learning.contentment import contentment, won
from learning.sequential import ALPHA

LEAST, LIMIT = 30, 4.5
Stars = tuple[int, int, int, int, int]


@pytest.mark.parametrize(
    ("stars", "shown", "missed"),
    [
        ((0, 0, 0, 0, 60), True, False),
        ((0, 0, 0, 0, 29), False, False),
        ((2, 2, 6, 20, 70), False, False),
        ((5, 20, 60, 300, 1_615), True, False),
        ((20, 40, 60, 200, 180), False, True),
        ((0, 0, 0, 0, 0), False, False),
    ],
)
def test_the_bound_shows_it_not_the_mean(stars: Stars, *, shown: bool, missed: bool) -> None:
    found = contentment(stars, LIMIT, LEAST)

    assert (found.shown, found.missed) == (shown, missed)
    assert found.low <= found.mean <= found.high or not found.count


@pytest.mark.parametrize("stars", [(2, 2, 6, 20, 70), (0, 0, 1, 5, 34), (0, 0, 0, 0, 30)])
def test_so_many_more_of_the_same_are_enough(stars: Stars) -> None:
    count, more = sum(stars), contentment(stars, LIMIT, LEAST).lacking

    later, earlier = ([n * (1 + one / count) for n in stars] for one in (more, more - 1))
    assert contentment(later, LIMIT, LEAST).shown
    assert not contentment(earlier, LIMIT, LEAST).shown


def test_where_the_mean_is_too_low_the_others_have_to_give_five() -> None:
    more = contentment((0, 0, 0, 30, 5), LIMIT, LEAST).lacking

    assert contentment((0, 0, 0, 30, 5 + more), LIMIT, LEAST).shown
    assert not contentment((0, 0, 0, 30, 4 + more), LIMIT, LEAST).shown


def test_without_any_star_as_many_are_lacking_as_fives_show_it() -> None:
    lacking = contentment((0, 0, 0, 0, 0), LIMIT, LEAST).lacking

    assert LEAST <= lacking <= 60
    assert contentment((0, 0, 0, 0, lacking), LIMIT, LEAST).shown


@pytest.mark.parametrize("odds", [(0, 0.08, 0, 0.26, 0.66), (0.125, 0, 0, 0, 0.875)])
def test_looking_after_every_few_stars_shows_what_is_not_so_hardly_ever(
    odds: tuple[float, ...],
) -> None:
    """Three hundred shops whose customers give 4.5 in the mean, looked at up to 600 times."""
    dice = np.random.default_rng(7)
    stars = dice.choice(5, (300, 600), p=odds)
    fooled = sum(
        any(
            won(np.bincount(run[:n], minlength=5).tolist(), LIMIT) >= 1 / ALPHA
            for n in range(LEAST, 601, 15)
        )
        for run in stars
    )
    assert float(stars.mean()) + 1 == pytest.approx(LIMIT, abs=0.01)
    assert fooled / len(stars) <= ALPHA
