"""How much a shop has to learn from, by category: counted over its newest rows alone."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.ml import TrainingData

NEWEST: Final = 50_000


async def categories(session: AsyncSession, shop: UUID, good: int) -> Sequence[Row[Any]]:
    """`name`, mean `score`, `rows`, and how many are `high`: good, or put right by a person."""
    row = TrainingData
    newest = (
        select(row.category, row.quality_score, row.stars, row.correction)
        .where(row.shop_id == shop)
        .order_by(row.created_at.desc(), row.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    grade = func.coalesce(newest.c.stars, newest.c.quality_score)
    high = or_(grade >= good, newest.c.correction.is_not(None))
    query = select(
        newest.c.category.label("name"),
        func.round(func.avg(grade), 2).label("score"),
        func.count().label("rows"),
        func.count().filter(high).label("high"),
    ).group_by(newest.c.category)
    return (await session.execute(query.order_by(func.count().desc(), newest.c.category))).all()
