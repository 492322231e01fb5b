"""What one number, or many with the same text, can do to a dataset: little."""

from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from config.settings import CurationSettings
from learning.selection import LEAST_PER_CUSTOMER, fair
from learning.sieve import curate
from tests.learning.examples import SHOP, an_example

SETTINGS = CurationSettings(per_customer=1.0)


def test_a_flood_of_praise_from_one_number_neither_fills_a_dataset_nor_empties_it() -> None:
    """Newer, better scored and of one intent: it may not push out what others asked, either."""
    honest = [an_example(number, intent=f"asks {number % 3}", score=4) for number in range(60)]
    flood = [
        an_example(number, customer=UUID(int=7), intent="flooded", score=5, successful=True)
        for number in range(1_000, 1_600)
    ]
    few = CurationSettings(newest=50, top_intents=3, per_customer=0.05)

    kept = [one.example for one in curate([*honest, *flood], SHOP, few).kept]

    assert sum(row.customer == UUID(int=7) for row in kept) <= 3
    assert sum(row.customer != UUID(int=7) for row in kept) >= 45


def test_many_numbers_with_the_same_text_are_one_row() -> None:
    flood = [
        an_example(0, id=UUID(int=number), customer=UUID(int=number), score=5)
        for number in range(1, 400)
    ]
    honest = [an_example(number) for number in range(1, 30)]

    curation = curate([*honest, *flood], SHOP, SETTINGS)

    assert len(curation.kept) == 30
    assert curation.dropped == {"exact_duplicate": 398}


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.floats(0.01, 1))
def test_nobody_gives_more_than_a_share_of_what_everybody_gives(
    given_: list[int], share: float
) -> None:
    counts = np.array(given_)
    each = fair(counts, share)
    whole = int(np.minimum(counts, each).sum())

    assert each == LEAST_PER_CUSTOMER or each <= share * whole
    assert each >= LEAST_PER_CUSTOMER
