"""A customer's thumb moves the score, however it was given and however late."""

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from store.session import Store
from tests.capture.talk import Talk
from tests.capture.test_thumbs import tapped
from tests.evaluation.talks import REPLY, Rows, heard
from tests.evaluation.test_signals import walk


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


async def test_a_tapped_thumb_down_tempers_thanks_as_a_reaction_does(
    store: Store, shop: UUID, rows: Rows
) -> None:
    talk = Talk(shop)
    said = [talk.says("¿tienen poleras?"), talk.replies(REPLY)]
    await heard(store, [*said, talk.says("gracias"), tapped(talk, "down")])
    assert (await rows.cached())["gracias"] == (5, "thanks")
    await walk(store, shop)
    assert await rows.said_by("reaction") == [(1, "reaction")]
    assert (await rows.cached())["gracias"] == (3, "mixed")


@pytest.mark.parametrize(
    ("first", "then", "score"),
    [("👍", "down", 1), ("up", "👎", 1), ("👎", "up", 4), ("down", "👍", 4)],
)
async def test_of_a_reaction_and_a_thumb_of_one_customer_the_later_counts(
    first: str, then: str, score: int, store: Store, shop: UUID, rows: Rows
) -> None:
    talk = Talk(shop)
    await heard(store, [talk.says("¿tienen poleras?"), talk.replies(REPLY), talk.sent("m1")])
    for sign in (first, then):
        put = tapped(talk, sign) if sign in {"up", "down"} else talk.reacts("m1", sign)
        await heard(store, [put])
    await walk(store, shop)
    assert await rows.said_by("reaction") == [(score, "reaction")]


async def test_a_thumb_counts_however_late_it_comes(store: Store, shop: UUID, rows: Rows) -> None:
    talk = Talk(shop)
    said = [talk.says("¿tienen poleras?"), talk.replies(REPLY)]
    await heard(store, [*said, talk.says("gracias")])
    await walk(store, shop, later=timedelta(days=3))
    talk.places = count(next(talk.places) + 6 * 86_400)
    await heard(store, [tapped(talk, "down")])
    for changed in (1, 0):
        seen = await walk(store, shop, later=timedelta(days=5))
        assert (seen.looked_at, seen.changed) == (1, changed)
    assert (await rows.cached())["gracias"] == (3, "mixed")
