"""What a seller may see of the captured rows: pages of them, one with its story, today's figures.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.analytics import daily_replies
from store.ml import Score, TrainingData
from web.wording import Clue, clues

WATCHED = 200
DAYS = 14
Mark: TypeAlias = Literal["", "1", "2", "3", "4", "5", "sin", "espera"]
Place: TypeAlias = tuple[datetime, datetime, UUID]
ORDER = (TrainingData.created_at, TrainingData.dispatched_at, TrainingData.id)


class BadCursor(ValueError):
    """Not one of our cursors."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`mark` is a score, "sin" (judged, no signal) or "espera" (no next message yet)."""

    mark: Mark = ""
    sale: bool = False
    category: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        row = TrainingData
        found: list[ColumnElement[bool]] = []
        if self.sale:
            found.append(row.is_successful.is_(True))
        if self.category:
            found.append(row.category == self.category)
        if self.mark == "espera":
            found.append(row.follow_up_id.is_(None))
        elif self.mark == "sin":
            found += [row.follow_up_id.is_not(None), row.quality_score.is_(None)]
        elif self.mark:
            found.append(row.quality_score == int(self.mark))
        return found


@dataclass(frozen=True, slots=True)
class Captured:
    """A row with the evidence of its newest score."""

    row: TrainingData
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    rows: Sequence[Captured]
    next: str


@dataclass(frozen=True, slots=True)
class Story:
    captured: Captured
    scores: Sequence[Score]
    delivery: app.Delivery | None


def write_cursor(row: TrainingData) -> str:
    words = f"{row.created_at.isoformat()}|{row.dispatched_at.isoformat()}|{row.id}"
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    try:
        words = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        created, dispatched, row = words.split("|")
        place = datetime.fromisoformat(created), datetime.fromisoformat(dispatched), UUID(row)
    except ValueError as error:
        raise BadCursor(cursor) from error
    if None in (place[0].tzinfo, place[1].tzinfo):
        raise BadCursor(cursor)
    return place


async def listed(
    session: AsyncSession, shop: UUID, wanted: Wanted, *, before: str = "", count: int = 20
) -> Listed:
    """Newest first; `next` is the cursor of the following page, empty at the end."""
    newest = (
        select(Score.evidence)
        .where(Score.shop_id == shop, Score.training_id == TrainingData.id)
        .order_by(Score.created_at.desc(), Score.version.desc())
        .limit(1)
        .correlate(TrainingData)
        .scalar_subquery()
    )
    query = select(TrainingData, newest).where(TrainingData.shop_id == shop, *wanted.conditions())
    if before:
        query = query.where(tuple_(*ORDER) < tuple_(*read_cursor(before)))
    query = query.order_by(*(column.desc() for column in ORDER)).limit(count + 1)
    found = [Captured(row, clues(evidence)) for row, evidence in await session.execute(query)]
    more = len(found) > count
    return Listed(found[:count], write_cursor(found[count - 1].row) if more else "")


async def story(session: AsyncSession, shop: UUID, row_id: UUID) -> Story | None:
    row = await session.get(TrainingData, (shop, row_id))
    if row is None:
        return None
    scores = (
        await session.scalars(
            select(Score)
            .where(Score.shop_id == shop, Score.training_id == row_id)
            .order_by(Score.created_at.desc(), Score.version.desc())
        )
    ).all()
    delivery = await session.get(app.Delivery, (shop, row_id))
    return Story(Captured(row, clues(scores[0].evidence) if scores else ()), scores, delivery)


async def recent_days(session: AsyncSession, shop: UUID, today: date) -> Sequence[Row[Any]]:
    """The last days that had replies, oldest first."""
    day = daily_replies.c.day
    query = (
        select(daily_replies)
        .where(daily_replies.c.shop_id == shop, day > today - timedelta(days=DAYS))
        .order_by(day)
    )
    return (await session.execute(query)).all()


async def version(session: AsyncSession, shop: UUID) -> str:
    """Changes whenever one of the newest rows appears, is followed up or is scored."""
    row = TrainingData
    query = (
        select(row.id, row.follow_up_id, row.quality_score, row.evaluated_at)
        .where(row.shop_id == shop)
        .order_by(*(column.desc() for column in ORDER))
        .limit(WATCHED)
    )
    seen = str((await session.execute(query)).all())
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def today() -> date:
    return datetime.now(UTC).date()
