"""Writes documents down and takes them out of answers; each change is one transaction.

Whoever changes a shop's documents holds its lock: counts of lexemes are sums, and two who add at
once would wait for each other's rows in different orders.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.batches import BatchInsert, Row, storable
from store.knowledge import Chunk, Passage, Vector
from store.postings import enter, leave
from store.session import BatchConnection
from store.vectors import packed, teach

CHUNKS: Final = BatchInsert.into(
    Chunk, "shop_id", "document_id", "id", "place", "heading", "text", "tokens"
)
PASSAGES: Final = BatchInsert.into(
    Passage, "shop_id", "document_id", "id", "chunk_id", "page", "heading", "text", "words",
    "lexemes",
)  # fmt: skip
VECTORS: Final = BatchInsert.into(
    Vector, "shop_id", "model", "dim", "active", "ann", "passage_id", "embedding"
)
AT_ONCE: Final = 2_000
"""Vectors of one statement."""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_CORPUS: Final = "SELECT model, dim, ann, passages, words FROM ml.corpus WHERE shop_id = $1"
_BEGIN: Final = """
INSERT INTO ml.corpus (shop_id, model, dim) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_DOCUMENT: Final = """
INSERT INTO ml.document (shop_id, id, title, description, file_name, format, size, sha256, stored,
    text, pages, flags, origin, active, lapses_at, passages, processed, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16, true, $17)
ON CONFLICT (shop_id, id) DO UPDATE SET title = excluded.title,
    description = excluded.description, format = excluded.format, size = excluded.size,
    sha256 = excluded.sha256, stored = excluded.stored, text = excluded.text,
    pages = excluded.pages, flags = excluded.flags, origin = excluded.origin,
    active = excluded.active, passages = excluded.passages, processed = true,
    lapses_at = coalesce(excluded.lapses_at,
        CASE WHEN document.lapses_at > excluded.updated_at THEN document.lapses_at END),
    waiting = NULL, problem = NULL, updated_at = excluded.updated_at
"""
_SHOW: Final = """
UPDATE ml.vector SET active = $3
WHERE shop_id = $1
  AND passage_id IN (SELECT id FROM ml.passage WHERE shop_id = $1 AND document_id = $2)
"""
_SWITCH: Final = """
UPDATE ml.document SET active = $3, updated_at = $4 WHERE shop_id = $1 AND id = $2
"""
_EMPTY: Final = "DELETE FROM ml.chunk WHERE shop_id = $1 AND document_id = $2"
_DROP: Final = "DELETE FROM ml.document WHERE shop_id = $1 AND id = $2"
_STATE: Final = """
SELECT active, processed, sha256, stored, waiting->>'stored' AS waiting_in, waiting->>'at' AS asked
FROM ml.document WHERE shop_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class CorpusRow:
    """Whose vectors a shop's questions are compared with, and how much there is to find; documents
    that have `lapsed` are not."""

    model: str
    dim: int
    ann: bool = False
    passages: int = 0
    words: int = 0
    lapsed: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """`flags` is JSON. Without `lapses_at`, a day that is still to come stays."""

    id: UUID
    title: str
    description: str
    file_name: str
    format: str
    size: int
    sha256: str
    stored: str | None
    text: str
    pages: int
    flags: str = "[]"
    origin: str = "person"
    active: bool = True
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of a document's chunks, passages and vectors, without what they share.

    Chunks are (id, place, heading, text, tokens), passages (id, chunk_id, page, heading, text,
    words, lexemes), vectors (passage_id, embedding).
    """

    chunks: Sequence[Row]
    passages: Sequence[Row]
    vectors: Sequence[Row]


@dataclass(frozen=True, slots=True)
class State:
    """`processed` is False while nothing of it was ever read; `asked` is when a file was left to
    be read later, `waiting_in` where it is kept."""

    active: bool
    processed: bool
    sha256: str
    stored: str | None = None
    waiting_in: str | None = None
    asked: str | None = None


async def hold(connection: BatchConnection, shop: UUID) -> None:
    """Until the end of the transaction nobody else changes the shop's documents."""
    await connection.execute(_LOCK, f"documents:{shop}")


async def corpus(connection: BatchConnection, shop: UUID) -> CorpusRow | None:
    found = await connection.fetchrow(_CORPUS, shop)
    return CorpusRow(**dict(found)) if found is not None else None


async def begin(connection: BatchConnection, shop: UUID, model: str, dim: int) -> CorpusRow:
    """The first document decides whose vectors a shop has."""
    await connection.execute(_BEGIN, shop, model, dim)
    return await corpus(connection, shop) or CorpusRow(model, dim)


async def state(connection: BatchConnection, shop: UUID, document: UUID) -> State | None:
    found = await connection.fetchrow(_STATE, shop, document)
    return State(**dict(found)) if found is not None else None


async def write(
    connection: BatchConnection,
    shop: UUID,
    document: DocumentRow,
    contents: Contents,
    at: datetime,
) -> None:
    """In place of what the document said before. The caller holds the shop, and has begun it."""
    own = await corpus(connection, shop)
    if own is None:
        raise LookupError(f"{shop} has no corpus")
    await _empty(connection, shop, document.id)
    columns = [_storable(value) for value in astuple(document)]
    await connection.execute(_DOCUMENT, shop, *columns, len(contents.passages), at)
    await CHUNKS.write(connection, [(shop, document.id, *row) for row in contents.chunks])
    await PASSAGES.write(connection, [(shop, document.id, *row) for row in contents.passages])
    await teach(connection)
    shared = (shop, own.model, own.dim, document.active, own.ann)
    for start in range(0, len(contents.vectors), AT_ONCE):
        some = contents.vectors[start : start + AT_ONCE]
        rows = [(*shared, id_, packed(vector)) for id_, vector in some]
        await VECTORS.write(connection, rows)
    if document.active:
        await enter(connection, shop, document.id)


async def switch(
    connection: BatchConnection, shop: UUID, document: UUID, *, active: bool, at: datetime
) -> bool:
    """In or out of answers, with everything that is counted over it; False without the document."""
    before = await state(connection, shop, document)
    if before is None or before.active == active:
        return before is not None
    await (enter if active else leave)(connection, shop, document)
    await connection.execute(_SHOW, shop, document, active)
    await connection.execute(_SWITCH, shop, document, active, at)
    return True


async def remove(connection: BatchConnection, shop: UUID, document: UUID) -> bool:
    before = await state(connection, shop, document)
    await _empty(connection, shop, document)
    await connection.execute(_DROP, shop, document)
    return before is not None


async def _empty(connection: BatchConnection, shop: UUID, document: UUID) -> None:
    before = await state(connection, shop, document)
    if before is not None and before.active:
        await leave(connection, shop, document)
    await connection.execute(_EMPTY, shop, document)


def _storable(value: Any) -> Any:  # noqa: ANN401  a column of any type
    return storable([value])[0] if isinstance(value, str) else value
