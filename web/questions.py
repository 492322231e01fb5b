"""What a seller sees of questions that nobody could answer, and of who asked them.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from store.lessons import QUESTIONS, QuestionAsked, QuestionCluster
from store.ml import TrainingData
from web.paging import BadCursor

PER_PAGE: Final = 20
MANY: Final = 1_000
ASKERS: Final = 5
_Cluster = QuestionCluster


@dataclass(frozen=True, slots=True)
class Asker:
    """`text` is how it was put."""

    cluster: UUID
    conversation: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """Led by the way it was put last."""

    cluster: QuestionCluster
    askers: Sequence[Asker]

    @property
    def text(self) -> str:
        return self.askers[0].text


@dataclass(frozen=True, slots=True)
class Listed:
    questions: Sequence[Question]
    next: str


async def counted(session: AsyncSession, shop: UUID) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for state in QUESTIONS:
        some = select(_Cluster.id).where(_Cluster.shop_id == shop, _Cluster.state == state)
        query = select(func.count()).select_from(some.limit(MANY).subquery())
        counts[state] = await session.scalar(query) or 0
    return counts


async def listed(
    session: AsyncSession, shop: UUID, state: str, *, after: str = "", count: int = PER_PAGE
) -> Listed:
    """What was asked most comes first. Raises BadCursor."""
    query = select(_Cluster).where(_Cluster.shop_id == shop, _Cluster.state == state)
    if after:
        query = query.where(tuple_(_Cluster.times, _Cluster.id) < tuple_(*_read(after)))
    query = query.order_by(_Cluster.times.desc(), _Cluster.id.desc()).limit(count + 1)
    found = list(await session.scalars(query))
    page = found[:count]
    last = f"{page[-1].times}.{page[-1].id}" if len(found) > count else ""
    asked = await askers_of(session, shop, [one.id for one in page])
    return Listed([Question(one, asked[one.id]) for one in page if asked.get(one.id)], last)


async def askers_of(
    session: AsyncSession, shop: UUID, clusters: Sequence[UUID]
) -> dict[UUID, list[Asker]]:
    """The last ones of each."""
    wanted = (
        select(_Cluster.id).where(_Cluster.shop_id == shop, _Cluster.id.in_(clusters)).subquery()
    )
    last = (
        select(QuestionAsked.training_id, QuestionAsked.at)
        .where(QuestionAsked.shop_id == shop, QuestionAsked.cluster_id == wanted.c.id)
        .order_by(QuestionAsked.at.desc(), QuestionAsked.training_id)
        .limit(ASKERS)
        .lateral()
    )
    query = (
        select(wanted.c.id, TrainingData.conversation_id, TrainingData.user_message, last.c.at)
        .select_from(wanted)
        .join(last, literal(value=True))
        .join(
            TrainingData, and_(TrainingData.shop_id == shop, TrainingData.id == last.c.training_id)
        )
        .order_by(last.c.at.desc())
    )
    found: dict[UUID, list[Asker]] = {}
    for row in await session.execute(query):
        found.setdefault(row[0], []).append(Asker(*row))
    return found


def _read(cursor: str) -> tuple[Any, Any]:
    times, _, cluster = cursor.partition(".")
    try:
        return int(times[:9]), UUID(cluster)
    except ValueError as error:
        raise BadCursor(cursor) from error
