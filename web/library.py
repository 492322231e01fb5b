"""What a seller sees of the documents: which there are, how far each was read, what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from jobs.schedule import DOCUMENT
from knowledge.search import wanted_words
from store.knowledge import Chunk, Document, Passage
from store.work import JobRun

Day: TypeAlias = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
"""Until when a document may hold."""
SHOWN = 50
CHUNKS = 20
WITHHELD = 3
State: TypeAlias = Literal["waiting", "failed", "refused", "flagged", "off", "lapsed", "on"]


@dataclass(frozen=True, slots=True)
class Shelved:
    """`why` is a word of knowledge.extraction.PROBLEMS for a refused file, else what went wrong.
    `until` is its last day by the shop's clock."""

    document: Document
    state: State
    why: str = ""
    until: date | None = None


def shelved(one: Document, work: JobRun | None, here: datetime) -> Shelved:
    """A file that waits or was refused says more of a document than what it said before; `here` is
    now, by the shop's clock."""
    until = last_day(one.lapses_at, here.tzinfo) if one.lapses_at else None
    return Shelved(one, *_state(one, work, here), until)


def _state(one: Document, work: JobRun | None, here: datetime) -> tuple[State, str]:
    if one.problem:
        return "refused", one.problem
    if one.waiting:
        failed = work is not None and work.state == "failed"
        return "failed" if failed else "waiting", (work.error or "") if work else ""
    if not one.active:
        return "flagged" if one.flags else "off", ""
    lapsed = one.lapses_at is not None and one.lapses_at <= here
    return "lapsed" if lapsed else "on", ""


async def listed(
    session: AsyncSession, shop: UUID, here: datetime, after: str = ""
) -> Sequence[Shelved]:
    """The newest first; one more than is shown, if there are more. What is no place of ours begins
    at the first."""
    order = tuple_(Document.updated_at, Document.id)
    query, place = select(Document).where(Document.shop_id == shop), place_of(after)
    query = query.where(order < tuple_(*place)) if place else query
    newest = query.order_by(Document.updated_at.desc(), Document.id.desc())
    rows = (await session.scalars(newest.limit(SHOWN + 1))).all()
    left = [f"{one.id}@{one.waiting['at']}" for one in rows if one.waiting]
    tried = select(JobRun).where(JobRun.shop_id == shop, JobRun.name == DOCUMENT)
    work = {}
    if left:
        found = await session.scalars(tried.where(JobRun.period.in_(left)))
        work = {one.period: one for one in found}
    return [
        shelved(one, work.get(f"{one.id}@{one.waiting['at']}" if one.waiting else ""), here)
        for one in rows
    ]


def cursor_of(one: Document) -> str:
    return f"{one.updated_at.isoformat()}~{one.id}"


def place_of(cursor: str) -> tuple[datetime, UUID] | None:
    at, _, which = cursor.partition("~")
    try:
        found = datetime.fromisoformat(at), UUID(which)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


async def withheld(
    session: AsyncSession, shop: UUID, question: str, here: datetime
) -> Sequence[Shelved]:
    """What speaks of a question, too, and is kept out of answers: a passage of it holds half of
    what the question is about."""
    words = sorted(set(wanted_words(question)))
    out = or_(Document.active.is_(False), Document.lapses_at <= here)
    newest = (
        select(Document.id)
        .where(Document.shop_id == shop, Document.processed, out)
        .order_by(Document.updated_at.desc())
        .limit(SHOWN)
    )
    said = func.unnest(func.string_to_array(Passage.lexemes, " ")).column_valued("said")
    held = select(func.count(said.distinct())).where(said.in_(words)).scalar_subquery()
    best = func.max(held)
    speaking = (
        select(Passage.document_id)
        .where(Passage.shop_id == shop, Passage.document_id.in_(newest))
        .group_by(Passage.document_id)
        .having(best * 2 >= len(words))
        .order_by(best.desc(), Passage.document_id)
        .limit(WITHHELD)
    )
    ids = (await session.scalars(speaking)).all() if words else []
    query = select(Document).where(Document.shop_id == shop, Document.id.in_(ids))
    found = {one.id: one for one in await session.scalars(query)}
    return [shelved(found[one], None, here) for one in ids if one in found]


def end_of(day: date, zone: tzinfo | None) -> datetime:
    """When a day is over by a shop's clock."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def last_day(end: datetime, zone: tzinfo | None) -> date:
    try:
        return (end - timedelta(microseconds=1)).astimezone(zone).date()
    except OverflowError:
        return end.date()


@dataclass(frozen=True, slots=True)
class Read:
    """A document with a page of its chunks; `following` is the place after which there are more."""

    shelved: Shelved
    chunks: Sequence[Chunk]
    following: int | None


async def read(
    session: AsyncSession, shop: UUID, which: UUID, here: datetime, after: int = -1
) -> Read | None:
    one = await session.get(Document, (shop, which))
    if one is None:
        return None
    query = select(Chunk).where(
        Chunk.shop_id == shop, Chunk.document_id == which, Chunk.place > after
    )
    found = (await session.scalars(query.order_by(Chunk.place).limit(CHUNKS + 1))).all()
    following = found[CHUNKS - 1].place if len(found) > CHUNKS else None
    return Read(shelved(one, None, here), found[:CHUNKS], following)


async def describe(
    session: AsyncSession, shop: UUID, which: UUID, told: tuple[str, str, datetime | None]
) -> bool:
    """Its title, a note, and when it is out of answers. False where there is no such document."""
    title, description, lapses_at = told
    one = await session.get(Document, (shop, which))
    if one is not None:
        one.title, one.description = title or one.file_name, description
        one.lapses_at = lapses_at
    return one is not None
