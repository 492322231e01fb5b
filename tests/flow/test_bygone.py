"""The sample's past: real conversations, dated back to where they are said to have been."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import exists, func, select

from app.backing import Backing
from app.bygone import DAYS, Bygone
from app.schooling import school
from app.seller import NAME, WAITING, me
from events.happened import named
from services.clock import now
from services.state import Endpoints
from store import app, facts, ml
from store.dealings import HandOver, MediaFile, Order
from store.evaluations import EvalRun
from store.inbox import ConversationState
from store.lessons import QuestionCluster, ReviewCase
from store.ratings import Rating
from store.session import Store
from store.tallies import HourTally
from store.versions import ModelVersion
from store.wares import Ware
from tests.fixtures.bots import knobs


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_two_weeks_are_lived_once_in_their_order_and_counted(
    backing: Backing, store: Store, prefix: str
) -> None:
    today = now().date()
    past = Bygone(knobs(prefix, shop="bygone"), backing, conversations=24)
    shop = named("shop", "bygone")

    await past.live()

    one, row = app.Message, ml.TrainingData
    async with store.reading() as session:
        said = (
            await session.execute(
                select(one.conversation_id, one.position, one.at)
                .where(one.shop_id == shop)
                .order_by(one.conversation_id, one.position)
            )
        ).all()
        rows = await session.scalar(
            select(func.count()).where(row.shop_id == shop, row.author == "bot")
        )
        newest = await session.scalar(select(func.max(row.created_at)).where(row.shop_id == shop))
        graded = set(await session.scalars(select(Rating.who).where(Rating.shop_id == shop)))
        days = await facts.days(session, shop, today - timedelta(days=DAYS + 1), today)
        tallied = await session.scalar(select(exists().where(HourTally.shop_id == shop)))
    assert len({at.date() for _, _, at in said}) >= 5
    assert min(at for _, _, at in said) > now() - timedelta(days=DAYS + 2)
    assert max(at for _, _, at in said) <= now()
    assert newest is not None
    assert newest <= now()
    for earlier, later in pairwise(said):
        assert earlier[0] != later[0] or earlier[2] <= later[2]
    assert graded == {NAME}
    assert sum(one.replies for one in days) == rows
    assert tallied

    await past.live()

    async with store.reading() as session:
        again = await session.scalar(select(func.count()).where(one.shop_id == shop))
    assert again == len(said)


async def test_they_leave_a_receipt_a_question_a_version_and_its_examination(
    backing: Backing, store: Store, prefix: str
) -> None:
    settings = knobs(prefix, shop="schooled")
    past = Bygone(settings, backing, conversations=16)
    shop = named("shop", "schooled")

    lived = await past.live()
    await school(settings, backing)

    async with store.reading() as session:
        proofs = await session.scalars(
            select(MediaFile.mime)
            .join(
                Order,
                (Order.receipt_id == MediaFile.message_id) & (Order.shop_id == MediaFile.shop_id),
            )
            .where(Order.shop_id == shop, Order.state == "receipt")
        )
        asked = await session.scalars(
            select(QuestionCluster.times).where(QuestionCluster.shop_id == shop)
        )
        versions = list(await session.scalars(select(ModelVersion).filter_by(shop_id=shop)))
        runs = list(await session.scalars(select(EvalRun).filter_by(shop_id=shop)))
    assert lived
    assert set(proofs) == {"image/jpeg"}
    assert max(asked) >= 2
    assert [one.provider for one in versions] == ["offline"]
    assert {one.version_id for one in runs} == {None, versions[0].id}
    assert all(one.finished_at and one.verdict for one in runs)


async def test_the_seller_answered_who_waited_taught_and_looked_at_cases(
    backing: Backing, store: Store, prefix: str
) -> None:
    past = Bygone(knobs(prefix, shop="attended"), backing, conversations=40)
    shop = named("shop", "attended")
    who = str(me(shop))

    await past.live()

    asked, state, row = HandOver, ConversationState, ml.TrainingData
    waits = asked.shop_id == shop, asked.resolved_at.is_(None)
    async with store.reading() as session:
        waiting = set(await session.scalars(select(asked.conversation_id).where(*waits)))
        oldest = await session.scalar(select(func.min(asked.at)).where(*waits))
        closed = state.shop_id == shop, state.state == "resolved"
        by = set(await session.scalars(select(state.by).where(*closed)))
        own = state.shop_id == shop, state.assigned_to == who
        mine = list(await session.scalars(select(state.conversation_id).where(*own)))
        said = app.Message.shop_id == shop, app.Message.author == "human"
        assert await session.scalar(select(func.count()).where(*said))
        done = ReviewCase.shop_id == shop, ReviewCase.state == "done"
        assert await session.scalar(select(func.count()).where(*done))
        seen = Ware.shop_id == shop, Ware.named > 0, Ware.sold_on.is_not(None)
        assert await session.scalar(select(func.count()).where(*seen))
        taught = row.shop_id == shop, row.correction.is_not(None)
        assert await session.scalar(select(func.count()).where(*taught))
    assert len(waiting) == WAITING
    assert by == {who}
    assert len(mine) == 1
    assert mine[0] not in waiting
    assert oldest is not None
    assert oldest > now() - timedelta(hours=5)
