"""Which answers of the bot a request led to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from learning.sampling import ADDED
from store.lessons import ReviewCase
from store.ml import TrainingData
from store.session import ReadSession


@dataclass(frozen=True, slots=True)
class Answer:
    """`first`: it waits before all others to be reviewed."""

    id: UUID
    conversation: UUID
    question: str
    text: str
    first: bool


async def answers(
    session: ReadSession, shop: UUID, request: UUID, talks: Collection[UUID]
) -> Sequence[Answer]:
    """Masked, as everything is that may be learned from; in the order in which they were given."""
    row, case = TrainingData, ReviewCase
    query = (
        select(row, case)
        .outerjoin(case, and_(case.shop_id == row.shop_id, case.training_id == row.id))
        .where(row.shop_id == shop, row.conversation_id.in_(talks), row.request_id == request)
        .where(row.author == "bot")
        .order_by(row.created_at, row.id)
    )
    found = (await session.execute(query)).all()
    return [_answer(one, queued) for one, queued in found]


def _answer(row: TrainingData, case: ReviewCase | None) -> Answer:
    first = case is not None and case.state == "pending" and case.reason == ADDED
    told = row.correction or row.bot_response
    return Answer(row.id, row.conversation_id, row.user_message, told, first)
