"""Fills a large base as ingesting would leave it: copied in bulk, for row by row it takes long."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from benchmarks.ground import Ground
from events.happened import named
from llm.embeddings import OFFLINE_DIM, OFFLINE_MODEL, Vector, hashed
from store.session import BatchConnection, Store, open_connection
from store.shops import ShopRow, upsert_shop
from store.vectors import packed, teach
from text.lexemes import lexemes, trigrams

SMALL_PART: Final = 50
"""One passage of so many belongs to the small shop."""
AT_ONCE: Final = 2_000
MEMORY: Final = "1GB"
MEANT, MEANT_DIM, SUBJECTS, DIRECTIONS = "bench-768", 768, 1_000, 48
_DOCUMENT: Final = """
INSERT INTO ml.document (shop_id, id, title, file_name, format, size, sha256, text, pages,
    passages, processed, updated_at)
VALUES ($1, $1, '', 'large', 'txt', 0, '', '', 0, 0, true, now())
"""
_KEY: Final = """
ALTER TABLE ml.posting ADD CONSTRAINT pk_posting
    PRIMARY KEY (shop_id, lexeme, passage_id) INCLUDE (count, words)
"""
_LEXEMES: Final = """
INSERT INTO ml.lexeme (shop_id, lexeme, passages)
SELECT shop_id, lexeme, count(*) FROM ml.posting WHERE shop_id = $1 GROUP BY 1, 2
"""
_CORPUS: Final = "INSERT INTO ml.corpus (shop_id, model, dim) VALUES ($1, $2, $3)"
_SUM: Final = """
UPDATE ml.corpus SET passages = part.passages, words = part.words
FROM (SELECT count(*) AS passages, sum(words) AS words FROM ml.passage WHERE shop_id = $1) AS part
WHERE shop_id = $1
"""


def meant(place: int, away: float = 0.35) -> Vector:
    """As models place texts: near others about the same, along few directions of many.

    A thousand subjects in 48 directions of 768, and a passage somewhere around one of them.
    """
    subject = np.random.default_rng(place % SUBJECTS).standard_normal(DIRECTIONS)
    own = np.random.default_rng(SUBJECTS + place).standard_normal(DIRECTIONS)
    vector = (subject + away * own) @ _spread()
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@cache
def _spread() -> NDArray[np.float64]:
    return np.random.default_rng(0).standard_normal((DIRECTIONS, MEANT_DIM))


async def shop_named(store: Store, key: str) -> UUID:
    shop = named("shop", key)
    async with store.transaction() as session:
        row = ShopRow(id=shop, key=key, name=key, pack="ventas", currency="CLP")
        await upsert_shop(session, row)
    return shop


async def fill(ground: Ground, shops: Sequence[UUID], texts: Sequence[str]) -> None:
    """The first shop gets most of the texts, and the index of neighbours; the other the rest."""
    connection = await open_connection(ground.database_url, limit_s=None)
    try:
        await connection.execute(f"SET maintenance_work_mem = '{MEMORY}'")
        await teach(connection)
        near = f"ml.ix_vector_near_{MEANT_DIM}"
        index = await connection.fetchval("SELECT pg_get_indexdef($1::regclass)", near)
        await connection.execute(f"DROP INDEX {near}")
        await connection.execute("ALTER TABLE ml.posting DROP CONSTRAINT pk_posting")
        for shop in shops:
            await connection.execute(_DOCUMENT, shop)
            await connection.execute(_CORPUS, shop, OFFLINE_MODEL, OFFLINE_DIM)
        for start in range(0, len(texts), AT_ONCE):
            await _copy(connection, shops, texts, start)
        await connection.execute(_KEY)
        await connection.execute(index)
        for shop in shops:
            await _count(connection, shop)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(
    connection: BatchConnection, shops: Sequence[UUID], texts: Sequence[str], start: int
) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
    for place, text in enumerate(texts[start : start + AT_ONCE], start):
        shop = shops[place % SMALL_PART == 0]
        id_, words = uuid5(shop, str(place)), lexemes(text)
        rows["chunk"].append((shop, id_, shop, place, "", "", 0))
        rows["passage"].append((shop, id_, shop, id_, 0, "", text, len(words), " ".join(words)))
        words_vector, meaning = packed(hashed(text)), packed(meant(place))
        rows["vector"].append((shop, OFFLINE_MODEL, id_, OFFLINE_DIM, True, False, words_vector))
        rows["vector"].append((shop, MEANT, id_, MEANT_DIM, True, shop == shops[0], meaning))
        rows["posting"] += [
            (shop, word, id_, count, len(words)) for word, count in Counter(words).items()
        ]
    for name, columns in _COLUMNS.items():
        await connection.copy_records_to_table(
            name, schema_name="ml", columns=columns, records=rows[name]
        )


_COLUMNS: Final = {
    "chunk": ("shop_id", "id", "document_id", "place", "heading", "text", "tokens"),
    "passage": (
        "shop_id", "id", "document_id", "chunk_id", "page", "heading", "text", "words", "lexemes",
    ),
    "vector": ("shop_id", "model", "passage_id", "dim", "active", "ann", "embedding"),
    "posting": ("shop_id", "lexeme", "passage_id", "count", "words"),
}  # fmt: skip


async def _count(connection: BatchConnection, shop: UUID) -> None:
    await connection.execute(_LEXEMES, shop)
    known = await connection.fetch("SELECT lexeme FROM ml.lexeme WHERE shop_id = $1", shop)
    grams = [(shop, gram, row[0]) for row in known for gram in trigrams(row[0])]
    await connection.copy_records_to_table("lexeme_gram", schema_name="ml", records=grams)
    await connection.execute(_SUM, shop)
