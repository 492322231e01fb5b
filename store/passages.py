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
from store.session import BatchConnection
from store.vectors import packed, teach
from text.lexemes import trigrams

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
    text, pages, flags, origin, active, passages, processed, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, true, $16)
ON CONFLICT (shop_id, id) DO UPDATE SET title = excluded.title,
    description = excluded.description, format = excluded.format, size = excluded.size,
    sha256 = excluded.sha256, stored = excluded.stored, text = excluded.text,
    pages = excluded.pages, flags = excluded.flags, origin = excluded.origin,
    active = excluded.active, passages = excluded.passages, processed = true,
    waiting = NULL, problem = NULL, updated_at = excluded.updated_at
"""
_OF_DOCUMENT: Final = """
    SELECT p.id, p.words, l.lexeme, count(*)::smallint AS count
    FROM ml.passage p, string_to_table(p.lexemes, ' ') AS l (lexeme)
    WHERE p.shop_id = $1 AND p.document_id = $2 GROUP BY p.id, p.words, l.lexeme
"""
_POST: Final = f"""
INSERT INTO ml.posting (shop_id, lexeme, passage_id, count, words)
SELECT $1, lexeme, id, count, words FROM ({_OF_DOCUMENT}) AS new ORDER BY lexeme
"""  # noqa: S608  our own text
_WITHDRAW: Final = f"""
DELETE FROM ml.posting AS posting USING ({_OF_DOCUMENT}) AS gone
WHERE posting.shop_id = $1 AND posting.lexeme = gone.lexeme AND posting.passage_id = gone.id
"""  # noqa: S608  our own text
_COUNT: Final = f"""
INSERT INTO ml.lexeme (shop_id, lexeme, passages)
SELECT $1, lexeme, count(*) FROM ({_OF_DOCUMENT}) AS new GROUP BY lexeme
ON CONFLICT (shop_id, lexeme) DO UPDATE SET passages = ml.lexeme.passages + excluded.passages
RETURNING lexeme, xmax = 0 AS is_new
"""  # noqa: S608  our own text
_DISCOUNT: Final = f"""
UPDATE ml.lexeme AS lexeme SET passages = lexeme.passages - gone.passages
FROM (SELECT lexeme, count(*) AS passages FROM ({_OF_DOCUMENT}) AS old GROUP BY lexeme) AS gone
WHERE lexeme.shop_id = $1 AND lexeme.lexeme = gone.lexeme
"""  # noqa: S608  our own text
_FORGET: Final = f"""
DELETE FROM ml.lexeme AS lexeme USING (SELECT DISTINCT lexeme FROM ({_OF_DOCUMENT}) AS old) AS gone
WHERE lexeme.shop_id = $1 AND lexeme.lexeme = gone.lexeme AND lexeme.passages <= 0
RETURNING lexeme.lexeme
"""  # noqa: S608  our own text
_FORGET_GRAMS: Final = """
DELETE FROM ml.lexeme_gram AS one USING unnest($2::text[], $3::text[]) AS gone (gram, lexeme)
WHERE one.shop_id = $1 AND one.gram = gone.gram AND one.lexeme = gone.lexeme
"""
_GRAMS: Final = """
INSERT INTO ml.lexeme_gram (shop_id, gram, lexeme)
SELECT $1, gram, lexeme FROM unnest($2::text[], $3::text[]) AS new (gram, lexeme)
ON CONFLICT DO NOTHING
"""
_SUM: Final = """
UPDATE ml.corpus SET passages = corpus.passages + $3 * part.passages,
    words = corpus.words + $3 * part.words
FROM (SELECT count(*) AS passages, coalesce(sum(words), 0) AS words
      FROM ml.passage WHERE shop_id = $1 AND document_id = $2) AS part
WHERE shop_id = $1
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
    """Whose vectors a shop's questions are compared with, and how much there is to find."""

    model: str
    dim: int
    ann: bool = False
    passages: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """`flags` is JSON."""

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
        await _enter(connection, shop, document.id)


async def switch(
    connection: BatchConnection, shop: UUID, document: UUID, *, active: bool, at: datetime
) -> bool:
    """In or out of answers, with everything that is counted over it; False without the document."""
    before = await state(connection, shop, document)
    if before is None or before.active == active:
        return before is not None
    await (_enter if active else _leave)(connection, shop, document)
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
        await _leave(connection, shop, document)
    await connection.execute(_EMPTY, shop, document)


async def _enter(connection: BatchConnection, shop: UUID, document: UUID) -> None:
    await connection.execute(_POST, shop, document)
    counted = await connection.fetch(_COUNT, shop, document)
    await _grams(connection, _GRAMS, shop, [row["lexeme"] for row in counted if row["is_new"]])
    await connection.execute(_SUM, shop, document, 1)


async def _leave(connection: BatchConnection, shop: UUID, document: UUID) -> None:
    await connection.execute(_WITHDRAW, shop, document)
    await connection.execute(_DISCOUNT, shop, document)
    gone = await connection.fetch(_FORGET, shop, document)
    await _grams(connection, _FORGET_GRAMS, shop, [row["lexeme"] for row in gone])
    await connection.execute(_SUM, shop, document, -1)


async def _grams(
    connection: BatchConnection, statement: str, shop: UUID, lexemes: Sequence[str]
) -> None:
    pairs = [(gram, lexeme) for lexeme in lexemes for gram in trigrams(lexeme)]
    if pairs:
        await connection.execute(statement, shop, *zip(*pairs, strict=True))


def _storable(value: Any) -> Any:  # noqa: ANN401  a column of any type
    return storable([value])[0] if isinstance(value, str) else value
