"""Finds passages: BM25 over the postings and nearest vectors, fused by rank, in one statement.

Reciprocal rank fusion: Cormack et al., SIGIR 2009, k = 60. BM25 with k1 = 1.2 and b = 0.75.

A shop's vectors are compared one by one up to `LARGE` passages, which misses nothing. Beyond, HNSW
finds those of a model, and goes on until enough rows are the shop's own. Offline vectors are made
of words and letters, so what is near was found by words already: there they only rank it. HNSW
finds too few of their neighbours at any bearable price, for they lie in no clusters.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from store.knowledge import DIMENSIONS
from store.passages import CorpusRow
from store.session import BatchConnection, Store
from store.vectors import packed, teach

WIDE: Final = 50
"""So many by words and by vectors each; the best together are looked at again."""
KEPT: Final = 40
LEXICAL_WEIGHT: Final = 5.0
"""Measured on Spanish questions: words tell this much more than offline vectors."""
LARGE: Final = 10_000
NEIGHBOURS: Final = 100
"""How many HNSW looks at: its `ef_search`."""
MOST: Final = 12_000
"""Rows of one word that are looked at: beyond it, a question costs no more."""

_CORPUS: Final = ("model", "dim", "ann", "passages", "words")
_KNOWN: Final = """
SELECT c.model, c.dim, c.ann, c.passages, c.words, l.lexeme, l.passages AS holding,
    ARRAY(SELECT id FROM ml.document
        WHERE shop_id = $1 AND active AND lapses_at <= now()) AS lapsed
FROM ml.corpus c
LEFT JOIN ml.lexeme l ON l.shop_id = c.shop_id AND l.lexeme = ANY($2) AND l.passages > 0
WHERE c.shop_id = $1 AND c.passages > 0
"""
_ALIKE: Final = """
SELECT l.lexeme, l.passages FROM (
    SELECT g.lexeme, count(*) AS shared FROM ml.lexeme_gram g
    WHERE g.shop_id = $1 AND g.gram = ANY($2)
    GROUP BY g.lexeme ORDER BY shared DESC, g.lexeme LIMIT 12
) AS near JOIN ml.lexeme l ON l.shop_id = $1 AND l.lexeme = near.lexeme
WHERE l.passages > 0
"""
_FIND: Final = """
WITH asked AS (SELECT * FROM unnest($2::text[], $3::float8[]) AS a (lexeme, weight)),
lexical AS (
    SELECT p.passage_id AS id, sum(a.weight * p.count * 2.2::float8
            / (p.count + 1.2::float8 * (0.25::float8 + 0.75::float8 * p.words / $4))) AS bm25
    FROM asked a CROSS JOIN LATERAL (
        SELECT passage_id, count, words FROM ml.posting
        WHERE shop_id = $1 AND lexeme = a.lexeme{fresh} LIMIT {most}
    ) AS p
    GROUP BY p.passage_id ORDER BY bm25 DESC, id LIMIT {wide}
),
near AS ({near}),
fused AS (
    SELECT id, coalesce(l.bm25, 0) AS bm25, n.distance,
        coalesce({weight} / (60.0::float8 + l.place), 0)
            + coalesce(1 / (60.0::float8 + n.place), 0) AS score
    FROM (SELECT *, row_number() OVER (ORDER BY bm25 DESC, id) AS place FROM lexical) l
    FULL JOIN (SELECT *, row_number() OVER (ORDER BY distance, id) AS place FROM near) n USING (id)
    ORDER BY score DESC, id LIMIT {kept}
),
placed AS (
    SELECT f.*, p.chunk_id, p.document_id,
        row_number() OVER (PARTITION BY p.chunk_id ORDER BY f.score DESC, f.id) AS of_chunk
    FROM fused f JOIN ml.passage p ON p.shop_id = $1 AND p.id = f.id
)
SELECT f.id, f.chunk_id, f.document_id, f.score, f.bm25, f.distance, v.embedding
FROM placed f
LEFT JOIN LATERAL (
    SELECT embedding FROM ml.vector
    WHERE f.of_chunk = 1
        AND shop_id = $1 AND model = $5 AND dim = {dim} AND passage_id = f.id OFFSET 0
) AS v ON true
ORDER BY f.score DESC, f.id
"""
_NO_VECTOR: Final = (
    "SELECT NULL::uuid AS id, NULL::float8 AS distance WHERE $6::halfvec IS NOT NULL"
)
_FRESH: Final = """ AND passage_id NOT IN (
    SELECT id FROM ml.passage WHERE shop_id = $1 AND document_id = ANY($7))"""
EACH: Final = """
    SELECT passage_id AS id, embedding <=> $6::halfvec AS distance FROM ml.vector
    WHERE shop_id = $1 AND model = $5 AND dim = {dim} AND active{fresh}
    ORDER BY (embedding <=> $6::halfvec) + 0 LIMIT {wide}
"""
NEAREST: Final = """
    SELECT passage_id AS id, embedding::halfvec({dim}) <=> $6::halfvec({dim}) AS distance
    FROM ml.vector
    WHERE ann AND active AND dim = {dim} AND shop_id = $1 AND model = $5{fresh}
    ORDER BY embedding::halfvec({dim}) <=> $6::halfvec({dim}) LIMIT {wide}
"""
RANKED: Final = """
    SELECT l.id, v.embedding <=> $6::halfvec AS distance FROM lexical l CROSS JOIN LATERAL (
        SELECT embedding FROM ml.vector
        WHERE shop_id = $1 AND model = $5 AND dim = {dim} AND passage_id = l.id AND active OFFSET 0
    ) AS v
"""
_TEXTS: Final = """
SELECT p.id, p.text, p.heading, p.page, p.lexemes, c.text AS chunk, c.heading AS chunk_heading,
    c.tokens, d.id AS document, d.title, d.file_name
FROM ml.passage p
JOIN ml.chunk c ON c.shop_id = $1 AND c.id = p.chunk_id
JOIN ml.document d ON d.shop_id = $1 AND d.id = p.document_id AND d.active
    AND (d.lapses_at > now()) IS NOT FALSE
WHERE p.shop_id = $1 AND p.id = ANY($2)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """`cosine` is None where no vectors were compared; only the best passage of a chunk brings its
    `vector`."""

    id: UUID
    chunk: UUID
    document: UUID
    score: float
    bm25: float
    cosine: float | None
    vector: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Told:
    """A passage to be read, with the chunk around it and the document it comes from."""

    id: UUID
    text: str
    heading: str
    page: int
    lexemes: str
    chunk: str
    chunk_heading: str
    tokens: int
    document: UUID
    title: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A shop's corpus, and in how many passages each of some lexemes stands."""

    corpus: CorpusRow
    passages: Mapping[str, int]


async def known(connection: BatchConnection, shop: UUID, lexemes: Sequence[str]) -> Known | None:
    """None where the shop has no documents."""
    found = await connection.fetch(_KNOWN, shop, list(lexemes))
    if not found:
        return None
    told = {name: found[0][name] for name in _CORPUS}
    row = CorpusRow(**told, lapsed=tuple(found[0]["lapsed"]))
    return Known(row, {one["lexeme"]: one["holding"] for one in found if one["lexeme"]})


async def alike(connection: BatchConnection, shop: UUID, grams: Sequence[str]) -> dict[str, int]:
    """The lexemes that share most groups of letters, with their passages."""
    found = await connection.fetch(_ALIKE, shop, list(grams))
    return {one["lexeme"]: one["passages"] for one in found}


async def find(
    connection: BatchConnection,
    shop: UUID,
    row: CorpusRow,
    weights: Mapping[str, float],
    vector: NDArray[np.float32] | None,
    large: int = LARGE,
) -> list[Found]:
    """The best first. Without a vector, by words alone; else on a connection from `opened`."""
    await teach(connection)
    near = _NO_VECTOR if vector is None else near_by(row, large)
    statement = _FIND.format(
        wide=WIDE, kept=KEPT, most=MOST, weight=_weight(row), dim=row.dim, near=near,
        fresh=_fresh(row),
    )  # fmt: skip
    average = row.words / max(row.passages, 1)
    asked = (
        list(weights),
        list(weights.values()),
        average,
        row.model,
        None if vector is None else packed(vector),
        *([list(row.lapsed)] if row.lapsed else []),
    )
    return [_found(one) for one in await connection.fetch(statement, shop, *asked)]


def opened(store: Store, row: CorpusRow) -> AbstractAsyncContextManager[BatchConnection]:
    """A connection on which the shop's neighbours are found well."""
    return store.tuned(HNSW) if row.ann else store.lookup()


def near_by(row: CorpusRow, large: int = LARGE) -> str:
    """The statement that compares vectors: with each, with the neighbours, or with what words
    have found."""
    if row.ann and row.dim in DIMENSIONS:
        return NEAREST.format(wide=WIDE, dim=row.dim, fresh=_fresh(row))
    if row.passages > large and offline(row):
        return RANKED.format(dim=row.dim)
    return EACH.format(wide=WIDE, dim=row.dim, fresh=_fresh(row))


def offline(row: CorpusRow) -> bool:
    return row.model.startswith("offline")


def _fresh(row: CorpusRow) -> str:
    return _FRESH if row.lapsed else ""


def _weight(row: CorpusRow) -> float:
    return LEXICAL_WEIGHT if offline(row) else 1.0


HNSW: Final = (
    f"SET LOCAL hnsw.ef_search = {NEIGHBOURS}; SET LOCAL hnsw.iterative_scan = 'relaxed_order'"
)


def _found(row: Any) -> Found:  # noqa: ANN401  a record
    return Found(
        id=row["id"],
        chunk=row["chunk_id"],
        document=row["document_id"],
        score=row["score"],
        bm25=row["bm25"],
        cosine=None if row["distance"] is None else 1 - row["distance"],
        vector=row["embedding"],
    )


async def told(
    connection: BatchConnection, shop: UUID, passages: Sequence[UUID]
) -> dict[UUID, Told]:
    found = await connection.fetch(_TEXTS, shop, list(passages))
    return {row["id"]: Told(**dict(row)) for row in found}
