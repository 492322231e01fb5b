"""What the page of quality asks the shop's own transaction, and how its tables are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learning.quality import Judged
from learning.sampling import Estimate, quality
from store.app import Conversation
from store.lessons import ReviewCase
from store.ml import TrainingData
from store.nlu import NluModel

MOST: Final = 4_000
VERSIONS: Final = 30
LEVELS: Final = 10


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    level: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the confusion table: what was meant, and what it was taken for."""

    name: str
    cells: Sequence[Cell]
    total: int


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Sample:
    """`waiting` of the drawn turns have not been reviewed."""

    judged: Sequence[Judged]
    stars: Estimate | None
    drawn: int
    waiting: int


def confusion(table: Mapping[str, Mapping[str, int]]) -> tuple[list[str], list[Line]]:
    """The names of the columns, and a line for each that was meant; what is frequent comes first.
    A cell is of one of eleven levels, by its share of the line."""
    totals = {name: sum(row.values()) for name, row in table.items()}
    met = {name for row in table.values() for name in row} | set(table)
    names = sorted(met, key=lambda name: (-totals.get(name, 0), name))
    lines = [
        Line(name, [_cell(table[name].get(other, 0), totals[name]) for other in names], total)
        for name in names
        if (total := totals.get(name, 0))
    ]
    return names, lines


def _cell(count: int, total: int) -> Cell:
    return Cell(count, max(1, round(LEVELS * count / total)) if count else 0)


async def sample(session: AsyncSession, shop: UUID, since: datetime, channel: str = "") -> Sample:
    """Of the drawn turns, the newest of them; of one network, or of all."""
    drawn = (
        select(ReviewCase)
        .where(ReviewCase.shop_id == shop, ReviewCase.sample, ReviewCase.at >= since)
        .order_by(ReviewCase.at.desc())
        .limit(MOST)
        .subquery()
    )
    query = select(
        drawn.c.reason, drawn.c.state, drawn.c.intent, drawn.c.stars,
        TrainingData.id, TrainingData.user_message, TrainingData.intent, TrainingData.confidence,
    ).join(
        TrainingData, and_(TrainingData.shop_id == shop, TrainingData.id == drawn.c.training_id)
    )  # fmt: skip
    if channel:
        talk = and_(Conversation.shop_id == shop, Conversation.id == TrainingData.conversation_id)
        query = query.join(Conversation, talk)
        query = query.where(func.split_part(Conversation.account, ":", 1) == channel)
    rows = (await session.execute(query)).all()
    counts: dict[int, int] = {}
    for row in rows:
        counts[row[0]] = counts.get(row[0], 0) + 1
    done = [row for row in rows if row[1] == "done"]
    judged = [Judged(row[5], row[2], row[6], row[7], row[4]) for row in done if row[2]]
    stars = quality([(row[0], row[3]) for row in done if row[3]], counts)
    open_ = sum(row[1] in {"pending", "draft"} for row in rows)
    return Sample(judged, stars, len(rows), open_)


async def stamp(session: AsyncSession, shop: UUID) -> str:
    """Changes whenever somebody decides a case."""
    query = select(func.max(ReviewCase.decided_at)).where(
        ReviewCase.shop_id == shop, ReviewCase.state == "done"
    )
    return str(await session.scalar(query))


async def versions(session: AsyncSession, shop: UUID) -> Sequence[Version]:
    """How good each trained model was on messages it had not seen, the oldest first."""
    score = NluModel.header["metrics"]["macro_f1"]["value"].as_float()
    query = (
        select(NluModel.version, NluModel.created_at, score)
        .where(NluModel.shop_id == shop)
        .order_by(NluModel.version.desc())
        .limit(VERSIONS)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [Version(*row) for row in reversed(rows)]
