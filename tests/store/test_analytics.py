from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from store import ml
from store.analytics import daily_replies
from store.session import Store
from tests.fixtures.rows import TABLES, a_row

SHOP = UUID(int=7)


async def test_a_day_of_a_shop_is_one_line(store: Store) -> None:
    scores = [(5, True, 100), (3, False, 300), (None, False, 200)]
    async with store.transaction() as session:
        tables = {table.name: table for table in TABLES}
        for name in ("shop", "customer", "conversation", "product", "orders"):
            await session.execute(insert(tables[name]).values(a_row(tables[name], SHOP)))
        reply = a_row(tables["training_data"], SHOP) | {"version_id": None, "rollout_id": None}
        late = datetime(2026, 5, 4, 23, 59, tzinfo=UTC)
        for score, successful, latency in scores:
            row = reply | {"id": uuid4(), "dispatched_at": late, "latency_ms": latency}
            row |= {"quality_score": score, "is_successful": successful, "tokens_in": 10}
            await session.execute(insert(ml.TrainingData).values(row))
        human = reply | {"id": uuid4(), "author": "human"}
        await session.execute(insert(ml.TrainingData).values(human))
    async with store.reading() as session:
        (day,) = (await session.execute(select(daily_replies))).all()
    assert day.day == date(2026, 5, 4)
    assert (day.replies, day.scored, day.mean_score, day.successful) == (3, 2, 4.0, 1)
    assert (day.p95_latency_ms, day.tokens_in, day.tokens_out) == (290.0, 30, 3)
