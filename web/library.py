"""What a seller sees of the documents: which there are, how far each was read, what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobs.schedule import DOCUMENT
from store.knowledge import Chunk, Document
from store.work import JobRun

SHOWN = 50
CHUNKS = 20
State: TypeAlias = Literal["waiting", "failed", "refused", "flagged", "off", "on"]


@dataclass(frozen=True, slots=True)
class Shelved:
    """`why` is a word of knowledge.extraction.PROBLEMS for a refused file, else what went wrong."""

    document: Document
    state: State
    why: str = ""


def shelved(one: Document, work: JobRun | None) -> Shelved:
    """A file that waits or was refused says more of a document than what it said before."""
    if one.problem:
        return Shelved(one, "refused", one.problem)
    if one.waiting:
        failed = work is not None and work.state == "failed"
        return Shelved(one, "failed" if failed else "waiting", (work.error or "") if work else "")
    if not one.active:
        return Shelved(one, "flagged" if one.flags else "off")
    return Shelved(one, "on")


async def listed(session: AsyncSession, shop: UUID, after: str = "") -> Sequence[Shelved]:
    """By file name; one more than is shown, if there are more."""
    query = select(Document).where(Document.shop_id == shop, Document.file_name > after)
    rows = (await session.scalars(query.order_by(Document.file_name).limit(SHOWN + 1))).all()
    left = [f"{one.id}@{one.waiting['at']}" for one in rows if one.waiting]
    tried = select(JobRun).where(JobRun.shop_id == shop, JobRun.name == DOCUMENT)
    work = {}
    if left:
        found = await session.scalars(tried.where(JobRun.period.in_(left)))
        work = {one.period: one for one in found}
    return [
        shelved(one, work.get(f"{one.id}@{one.waiting['at']}" if one.waiting else ""))
        for one in rows
    ]


@dataclass(frozen=True, slots=True)
class Read:
    """A document with a page of its chunks; `following` is the place after which there are more."""

    shelved: Shelved
    chunks: Sequence[Chunk]
    following: int | None


async def read(session: AsyncSession, shop: UUID, which: UUID, after: int = -1) -> Read | None:
    one = await session.get(Document, (shop, which))
    if one is None:
        return None
    query = select(Chunk).where(
        Chunk.shop_id == shop, Chunk.document_id == which, Chunk.place > after
    )
    found = (await session.scalars(query.order_by(Chunk.place).limit(CHUNKS + 1))).all()
    following = found[CHUNKS - 1].place if len(found) > CHUNKS else None
    return Read(shelved(one, None), found[:CHUNKS], following)


async def describe(
    session: AsyncSession, shop: UUID, which: UUID, title: str, description: str
) -> bool:
    """False where there is no such document."""
    one = await session.get(Document, (shop, which))
    if one is not None:
        one.title, one.description = title or one.file_name, description
    return one is not None
