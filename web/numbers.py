"""What Hoy counts, up to COUNTED where it only grows: all of it is asked at once."""

from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, or_, select

from store.base import NOW, SHOP
from store.dealings import Order
from store.lessons import QuestionCluster
from store.ml import TrainingData
from store.ratings import Rating
from store.session import ReadSession

COUNTED: Final = 100
LOW: Final = 2


async def read(session: ReadSession, shop: UUID, began: datetime) -> Any:  # noqa: ANN401  one row of that query
    """`began` is when the day did."""
    return (await session.execute(_known(), {"shop": shop, "began": began})).one()


@cache
def _known() -> Select[Any]:
    sold = (
        select(func.coalesce(func.sum(Order.total), 0).label("amount"), func.count().label("count"))
        .where(Order.shop_id == SHOP, Order.paid_at >= bindparam("began", type_=NOW.type))
        .where(Order.reply_id.is_not(None))
        .subquery()
    )
    return select(
        _bounded(_low()).label("low"),
        _bounded(_disliked()).label("disliked"),
        _bounded(_unanswered()).label("unanswered"),
        sold.c.amount,
        sold.c.count,
    )


def _low() -> Select[UUID]:
    """Answers with a bad score that nobody has looked at."""
    row = TrainingData
    looked = exists().where(
        Rating.shop_id == SHOP, Rating.training_id == row.id, Rating.processed.is_(True)
    )
    return select(row.id).where(
        row.shop_id == SHOP, row.quality_score <= LOW, row.author == "bot", ~looked
    )


def _disliked() -> Select[UUID]:
    query = select(Rating.training_id).where(
        Rating.shop_id == SHOP,
        Rating.processed.is_(False),
        or_(Rating.thumb == -1, Rating.stars <= LOW),
    )
    return query.distinct()


def _unanswered() -> Select[UUID]:
    """Questions that nobody has decided about, however often each was asked."""
    asked = QuestionCluster
    return select(asked.id).where(asked.shop_id == SHOP, asked.state == "open")


def _bounded(query: Select[UUID]) -> ScalarSelect[int]:
    few = query.limit(COUNTED).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
