"""The words of documents that can be found, counted as they come and go."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from store.session import BatchConnection
from text.lexemes import trigrams

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


async def enter(connection: BatchConnection, shop: UUID, document: UUID) -> None:
    """Its passages can be found. The caller holds the shop."""
    await connection.execute(_POST, shop, document)
    counted = await connection.fetch(_COUNT, shop, document)
    await _grams(connection, _GRAMS, shop, [row["lexeme"] for row in counted if row["is_new"]])
    await connection.execute(_SUM, shop, document, 1)


async def leave(connection: BatchConnection, shop: UUID, document: UUID) -> None:
    """They cannot; nothing of their words stays."""
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
