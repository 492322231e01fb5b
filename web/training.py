"""The story of one captured turn: every judgement of it, and how it was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.ml import Score

JUDGED: Final = 100


@dataclass(frozen=True, slots=True)
class Story:
    scores: Sequence[Score]
    delivery: app.Delivery | None

    @property
    def is_cut(self) -> bool:
        return len(self.scores) == JUDGED


async def story(session: AsyncSession, shop: UUID, row: UUID) -> Story:
    """The newest judgement first, at most JUDGED."""
    query = (
        select(Score)
        .where(Score.shop_id == shop, Score.training_id == row)
        .order_by(Score.created_at.desc(), Score.version.desc())
        .limit(JUDGED)
    )
    delivery = await session.get(app.Delivery, (shop, row))
    return Story((await session.scalars(query)).all(), delivery)
