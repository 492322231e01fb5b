"""How content customers said to be is the score of whoever answered, and bounds a promotion."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid5

import pytest

from learning.judging import Weighed
from store.ml import TrainingData
from store.satisfaction import Csat
from store.session import Store
from tests.fixtures.rows import a_row
from tests.fixtures.store import add_shop
from tests.learning.served import NOW, Stage, Talked

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


async def asked(stage: Stage, customer: int, at: datetime, stars: int | None) -> None:
    chat = uuid5(stage.customer(customer), "chat")
    row = Csat(
        shop_id=stage.shop, id=uuid5(chat, at.isoformat()), conversation_id=chat, asked_at=at,
        stars=stars,
    )  # fmt: skip
    async with stage.store.transaction() as session:
        session.add(row)


async def weighed(stage: Stage) -> Weighed:
    asking = replace(stage.controller, asks=True)
    _, found = await asking.weighed(await stage.rollout())
    return found


async def test_the_stars_are_the_conversations_score_whatever_else_was_heard(stage: Stage) -> None:
    await stage.start()
    await stage.talked(
        Talked(1, variant="canary", scored=5),
        Talked(1, HOUR, variant="canary", scored=4),
        Talked(2, variant="canary", scored=4),
        Talked(3, variant="canary", scored=None),
        Talked(4, variant="control", scored=None),
    )
    for customer, stars in ((1, 1), (2, None), (3, 3), (4, 5)):
        await asked(stage, customer, NOW + 3 * HOUR, stars)

    found = (await weighed(stage)).statistics

    assert found.canary.of("score").mean == pytest.approx((1 + 4 + 3) / 3)
    assert (found.control.of("score").count, found.control.of("score").mean) == (1, 5.0)
    assert (found.canary.stars, found.control.stars) == ((1, 0, 1, 0, 0), (0, 0, 0, 0, 1))


async def test_a_question_is_about_the_conversation_before_it(stage: Stage) -> None:
    """One after a pause is another conversation, and nobody was asked about that."""
    await stage.start()
    await stage.talked(
        Talked(1, variant="canary", scored=5), Talked(1, 9 * HOUR, variant="canary", scored=5)
    )
    await asked(stage, 1, NOW + 3 * HOUR, 2)

    canary = (await weighed(stage)).statistics.canary

    assert (canary.of("score").count, canary.of("score").mean) == (2, 3.5)
    assert canary.stars == (0, 1, 0, 0, 0)


async def test_what_somebody_else_answered_last_is_not_the_candidates(stage: Stage) -> None:
    """A person of the shop, or the models of before: the question was asked about them."""
    await stage.start()
    await stage.talked(Talked(1, variant="canary", scored=None))
    person = a_row(TrainingData.__table__, stage.shop) | {  # type: ignore[arg-type]
        "id": uuid5(stage.shop, "person"), "customer_id": stage.customer(1),
        "conversation_id": uuid5(stage.customer(1), "chat"), "author": "human",
        "dispatched_at": NOW + HOUR, "rollout_id": None, "version_id": None, "variant": None,
        "stage": None, "product_id": None, "order_id": None,
    }  # fmt: skip
    async with stage.store.transaction() as session:
        session.add(TrainingData(**person))
    await asked(stage, 1, NOW + 3 * HOUR, 1)

    canary = (await weighed(stage)).statistics.canary

    assert (canary.of("score").count, sum(canary.stars)) == (0, 0)


async def test_stars_of_a_stage_before_are_not_counted_again(stage: Stage) -> None:
    rollout = await stage.start(percent=10)
    await stage.talked(Talked(1, variant="canary", scored=None))
    await asked(stage, 1, NOW + 3 * HOUR, 1)
    stage.clock.at += 9 * HOUR
    await stage.controller.advance(rollout, "ana", None)
    await stage.talked(Talked(1, variant="canary", scored=None))

    canary = (await weighed(stage)).statistics.canary

    assert (canary.conversations, sum(canary.stars)) == (1, 0)


async def test_who_answers_well_is_promoted_only_once_customers_have_said_so(stage: Stage) -> None:
    """Eighty conversations of each side show that it is no worse; the stars of thirty are few."""
    await stage.start()
    await stage.talked(
        *(Talked(2 * n, variant="control", scored=3 + n % 2) for n in range(80)),
        *(Talked(2 * n + 1, variant="canary", scored=4 + n % 2) for n in range(80)),
    )
    for n in range(30):
        await asked(stage, 2 * n + 1, NOW + 3 * HOUR, 5)
    asking = replace(stage.controller, asks=True)

    few = await weighed(stage)
    waits = await asking.step(stage.shop)
    for n in range(30, 60):
        await asked(stage, 2 * n + 1, NOW + 3 * HOUR, 5)
    move = await asking.step(stage.shop)

    assert few.not_worse
    assert few.csat is not None
    assert (few.csat.count, few.csat.shown, few.csat.lacking > 0) == (30, False, True)
    assert waits is None
    assert move is not None
    assert (move.to, move.evidence["csat"]["count"]) == ("promoted", 60)
