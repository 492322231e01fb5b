"""Whoever finds an answer elsewhere puts it before all that waits, and may think better of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from learning.grading import ReplyUnknown
from learning.lessons import NothingToUndo
from learning.queueing import put_first
from learning.reviewing import Said, gather
from learning.sampling import ADDED, UNANSWERED
from store.lessons import ReviewCase
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.teachers import NOW, UNKNOWN, desk, reviewer, teacher
from tests.web.rows import add_conversation, add_row


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


@pytest.fixture
async def waiting(store: Store, shop: UUID) -> UUID:
    turn = await add_row(store, shop, "w", at=NOW - timedelta(hours=1), context=UNKNOWN)
    await gather(store, shop, NOW)
    return turn


async def case(store: Store, shop: UUID, turn: UUID) -> ReviewCase | None:
    async with store.reading() as session:
        mine = ReviewCase.shop_id == shop, ReviewCase.training_id == turn
        return await session.scalar(select(ReviewCase).where(*mine))


async def test_what_is_added_comes_before_all_that_waits(
    store: Store, shop: UUID, waiting: UUID
) -> None:
    fine = await add_row(store, shop, "fine", at=NOW, quality_score=5)

    act = await put_first(teacher(store, shop), fine)

    assert await reviewer(store, shop).next() == fine
    assert await reviewer(store, shop, "berta").next() == waiting
    assert await desk(store, shop).undo(act) == "queue"
    assert await case(store, shop, fine) is None


async def test_what_waits_already_moves_forward_and_back(
    store: Store, shop: UUID, waiting: UUID
) -> None:
    await reviewer(store, shop).next()
    await reviewer(store, shop).skip(waiting)

    act = await put_first(teacher(store, shop), waiting)
    await gather(store, shop, NOW + timedelta(minutes=1))

    found = await case(store, shop, waiting)
    assert found is not None
    assert (found.reason, found.skips) == (ADDED, 0)
    await desk(store, shop).undo(act)
    found = await case(store, shop, waiting)
    assert found is not None
    assert (found.reason, found.skips) == (UNANSWERED, 1)


async def test_what_was_decided_waits_again_until_that_is_undone(
    store: Store, shop: UUID, waiting: UUID
) -> None:
    await reviewer(store, shop).save(waiting, Said("consulta_envio", 4))

    act = await put_first(teacher(store, shop, "berta", 1), waiting)

    found = await case(store, shop, waiting)
    assert found is not None
    assert (found.state, found.decided_by, found.stars) == ("pending", None, 4)
    await desk(store, shop, "berta", 2).undo(act)
    found = await case(store, shop, waiting)
    assert found is not None
    assert (found.state, found.decided_by, found.decided_at) == ("done", "ana", NOW)


async def test_what_was_decided_since_is_not_taken_back(
    store: Store, shop: UUID, waiting: UUID
) -> None:
    act = await put_first(teacher(store, shop), waiting)
    await reviewer(store, shop, "berta", 1).save(waiting, Said(stars=2))

    with pytest.raises(NothingToUndo):
        await desk(store, shop, minutes=2).undo(act)

    found = await case(store, shop, waiting)
    assert found is not None
    assert (found.state, found.stars) == ("done", 2)


async def test_only_answers_of_the_bot_of_the_same_shop_are_added(
    store: Store, shop: UUID, waiting: UUID
) -> None:
    persons = await add_row(store, shop, "person", at=NOW, author="human")
    other = await add_shop(store, "otra")

    for whose, turn in ((shop, persons), (other, waiting)):
        with pytest.raises(ReplyUnknown):
            await put_first(teacher(store, whose), turn)
