"""What a reviewer sees: one case with its story, how many wait, and what became of others.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.base import SHOP
from store.lessons import CASES, ReviewCase
from store.ml import TrainingData
from web.examples import Shown, shown

MANY: Final = 1_000
"""Counted no further: a figure that only grows helps nobody."""
LISTED: Final = 50
EACH_S: Final = 25
"""What one case takes a person."""


@dataclass(frozen=True, slots=True)
class Case:
    case: ReviewCase
    shown: Shown


@dataclass(frozen=True, slots=True)
class Queue:
    counts: Mapping[str, int]

    @property
    def waiting(self) -> int:
        return self.counts["pending"]

    @property
    def minutes(self) -> int:
        return -(-self.waiting * EACH_S // 60)


async def queue(session: AsyncSession, shop: UUID) -> Queue:
    found = (await session.execute(_counts(), {"shop": shop})).one()
    return Queue(dict(zip(CASES, found, strict=True)))


@cache
def _counts() -> Select[Any]:
    return select(*map(_count, CASES))


def _count(state: str) -> ScalarSelect[Any]:
    some = select(ReviewCase.training_id).where(
        ReviewCase.shop_id == SHOP, ReviewCase.state == state
    )
    return select(func.count()).select_from(some.limit(MANY).subquery()).scalar_subquery()


async def case(session: AsyncSession, shop: UUID, turn: UUID) -> Case | None:
    found = await session.get(ReviewCase, (shop, turn))
    row = await session.get(TrainingData, (shop, turn))
    if found is None or row is None:
        return None
    return Case(found, (await shown(session, shop, [row]))[0])


async def listed(session: AsyncSession, shop: UUID, state: str) -> Sequence[Case]:
    """The newest decision first."""
    query = (
        select(ReviewCase, TrainingData)
        .join(
            TrainingData,
            and_(
                TrainingData.shop_id == ReviewCase.shop_id,
                TrainingData.id == ReviewCase.training_id,
            ),
        )
        .where(ReviewCase.shop_id == shop, ReviewCase.state == state)
        .order_by(ReviewCase.decided_at.desc())
        .limit(LISTED)
    )
    found = (await session.execute(query)).all()
    return await _told(session, shop, [(one, row) for one, row in found])


async def told(session: AsyncSession, shop: UUID, cases: Sequence[ReviewCase]) -> Sequence[Case]:
    """Each with its story, in the order given."""
    ids = [one.training_id for one in cases]
    query = select(TrainingData).where(TrainingData.shop_id == shop, TrainingData.id.in_(ids))
    rows = {row.id: row for row in await session.scalars(query)}
    return await _told(session, shop, [(one, rows[one.training_id]) for one in cases])


async def _told(
    session: AsyncSession, shop: UUID, found: Sequence[tuple[ReviewCase, TrainingData]]
) -> Sequence[Case]:
    rows = await shown(session, shop, [row for _, row in found])
    return [Case(one, seen) for (one, _), seen in zip(found, rows, strict=True)]
