"""How far the days of a shop were counted, and what its labelled chats say of each intent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from store.rollups import IntentQuality, Rollup
from store.session import ReadSession, WriteSession

# Whatever the planner thinks of tables that have just grown, rows are looked up by their keys.
_BY_KEY: Final = [
    text(f"SET LOCAL enable_{way} = off") for way in ("seqscan", "hashjoin", "mergejoin")
]
_FIRST: Final = text("""
SELECT least((SELECT min(created_at) FROM app.event_log WHERE shop_id = :shop),
             (SELECT min(created_at) FROM ml.training_data WHERE shop_id = :shop),
             (SELECT min(created_at) FROM app.sense_log WHERE shop_id = :shop),
             (SELECT min(created_at) FROM ml.eval_result WHERE shop_id = :shop))
""")
_UNDERSTOOD: Final = text("""
WITH newest AS (
  SELECT intent, slots, training_id FROM ml.nlu_annotation
  WHERE shop_id = :shop AND is_gold AND training_id IS NOT NULL
  ORDER BY created_at DESC, id LIMIT :newest
)
SELECT n.intent AS meant, t.intent AS read, count(*) AS count,
       count(*) FILTER (WHERE t.slots = n.slots) AS same_slots
FROM newest n JOIN ml.training_data t ON t.shop_id = :shop AND t.id = n.training_id
GROUP BY n.intent, t.intent
""")


async def begin(session: WriteSession, shop: UUID) -> None:
    """One counts a shop at a time, until the end of the transaction."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(shop), 23))))
    for setting in _BY_KEY:
        await session.execute(setting)


async def progress(session: AsyncSession, shop: UUID) -> Rollup | None:
    return (await session.scalars(select(Rollup).where(Rollup.shop_id == shop))).first()


async def first_day(session: ReadSession, shop: UUID) -> datetime | None:
    found: datetime | None = await session.scalar(_FIRST, {"shop": shop})
    return found


async def advance(session: WriteSession, shop: UUID, zone: str, day: date, settled: date) -> None:
    row = {"zone": zone, "counted": day, "settled": settled, "at": func.now()}
    query = upsert(Rollup).values(shop_id=shop, **row)
    await session.execute(query.on_conflict_do_update(index_elements=["shop_id"], set_=row))


async def understood(session: ReadSession, shop: UUID, newest: int) -> list[Mapping[str, Any]]:
    """Of the newest labelled messages: what was meant, what was read, how often, and how often with
    every slot the same."""
    given = {"shop": shop, "newest": newest}
    return [dict(row) for row in (await session.execute(_UNDERSTOOD, given)).mappings()]


async def keep_intents(
    session: WriteSession, shop: UUID, rows: Sequence[Mapping[str, Any]]
) -> None:
    """In place of what was said of the shop's intents before."""
    await session.execute(delete(IntentQuality).where(IntentQuality.shop_id == shop))
    if rows:
        await session.execute(insert(IntentQuality), [{"shop_id": shop, **row} for row in rows])
