"""Reads and writes ratings, with the training row's caches of them.

What is said about one row happens under its lock, in the caller's transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from store.session import BatchConnection

Order: TypeAlias = Literal["worst", "newest", "costly"]

_ROW: Final = """
SELECT t.id, t.customer_id, t.conversation_id, t.author, t.user_message, t.bot_response,
    t.correction, t.locale, t.quality_score, t.stars, t.rejected, t.created_at, t.context->'sources'
    AS sources, c.name AS customer
FROM ml.training_data t JOIN app.customer c ON c.shop_id = t.shop_id AND c.id = t.customer_id
WHERE t.shop_id = $1 AND t.id = $2 {lock}
"""
_GIVE: Final = """
INSERT INTO ml.rating AS old (shop_id, id, training_id, role, who, via, stars, thumb, comment,
                              updated_at)
VALUES ($1, $2, $3, 'staff', $4, $5, $6, $7, coalesce($8, ''), $9)
ON CONFLICT (shop_id, id) DO UPDATE
SET stars = coalesce(excluded.stars, old.stars), thumb = coalesce(excluded.thumb, old.thumb),
    comment = coalesce($8, old.comment), via = excluded.via, updated_at = excluded.updated_at,
    processed = false
"""
_TAKE_BACK: Final = "DELETE FROM ml.rating WHERE shop_id = $1 AND id = $2 RETURNING id"
# The newest word of the shop's people counts; what customers say judges, and decides nothing. A
# thumb down meant the answer of its time: where a better one was accepted since, it is over.
_CACHE: Final = """
UPDATE ml.training_data t
SET stars = (
      SELECT r.stars FROM ml.rating r
      WHERE r.shop_id = t.shop_id AND r.training_id = t.id AND r.role = 'staff'
        AND r.stars IS NOT NULL ORDER BY r.updated_at DESC, r.id LIMIT 1),
    rejected = coalesce((
      SELECT r.thumb = -1 FROM ml.rating r
      WHERE r.shop_id = t.shop_id AND r.training_id = t.id AND r.role = 'staff'
        AND r.thumb IS NOT NULL AND r.updated_at > coalesce((
          SELECT max(c.decided_at) FROM ml.correction c
          WHERE c.shop_id = t.shop_id AND c.training_id = t.id AND c.state = 'accepted'),
          '-infinity')
      ORDER BY r.updated_at DESC, r.id LIMIT 1), false)
WHERE t.shop_id = $1 AND t.id = $2
RETURNING t.stars, t.rejected
"""
_PROCESS: Final = """
UPDATE ml.rating
SET processed = true, processed_by = $3, processed_at = $4, notes = coalesce($5, notes),
    improved = improved OR $6
WHERE shop_id = $1 AND training_id = $2 AND (NOT processed OR $6 AND NOT improved)
"""
# A bad score alone has no rating to mark: that somebody looked at it is one.
_LOOKED: Final = """
INSERT INTO ml.rating (shop_id, id, training_id, role, who, via, processed, processed_by,
                       processed_at, notes, improved, updated_at)
SELECT $1, $2, $3, 'staff', $4, $5, true, $4, $6, coalesce($7, ''), $8, $6
WHERE NOT EXISTS (SELECT FROM ml.rating r WHERE r.shop_id = $1 AND r.training_id = $3)
ON CONFLICT DO NOTHING
"""
_IMPROVED: Final = """
UPDATE ml.rating SET improved = true, processed = true,
    processed_by = coalesce(processed_by, $3), processed_at = coalesce(processed_at, $4)
WHERE shop_id = $1 AND training_id = $2
"""
# Whatever the planner takes the tables for, no row is compared with all ratings: they are hashed,
# and what people wrote is read for one page alone.
_BAD: Final = """
WITH scored AS (
  SELECT t.id FROM ml.training_data t
  WHERE t.shop_id = $1 AND t.quality_score <= 2 AND t.author = 'bot'
  EXCEPT
  SELECT r.training_id FROM ml.rating r WHERE r.shop_id = $1 AND r.processed
), bad AS MATERIALIZED (
  SELECT id, min(grade) AS grade, sum(down) AS down FROM (
    SELECT id, NULL::int AS grade, 0 AS down FROM scored
    UNION ALL
    SELECT r.training_id, CASE r.thumb WHEN -1 THEN 1 ELSE r.stars END,
           CASE r.thumb WHEN -1 THEN 1 ELSE 0 END
    FROM ml.rating r
    WHERE r.shop_id = $1 AND NOT r.processed AND (r.thumb = -1 OR r.stars <= 2)
  ) AS said GROUP BY id
), page AS MATERIALIZED (
  SELECT t.id, t.conversation_id, t.created_at, t.user_message, t.bot_response, t.category,
      t.model, t.quality_score, t.quality_label, t.user_feedback, t.stars, t.rejected,
      coalesce((t.context->>'cost_micros')::bigint, 0) AS cost_micros, bad.down,
      least(t.quality_score, bad.grade) AS worst
  FROM bad JOIN ml.training_data t ON t.shop_id = $1 AND t.id = bad.id
  ORDER BY {order} LIMIT $2
)
SELECT page.*, ARRAY(
  SELECT r.comment FROM ml.rating r
  WHERE r.shop_id = $1 AND r.training_id = page.id AND r.comment <> '' ORDER BY r.updated_at
) AS comments
FROM page ORDER BY {order}
"""
# By the places of the columns, which are the same within the page and around it.
_BY: Final[Mapping[Order, str]] = {
    "worst": "15, 14 DESC, 3 DESC, 1",
    "newest": "3 DESC, 1",
    "costly": "13 DESC, 15, 3 DESC, 1",
}
_LIST: Final = """
SELECT r.id, r.training_id, r.role, r.who, r.via, r.stars, r.thumb, r.comment, r.processed,
    r.processed_by, r.notes, r.improved, r.updated_at, r.created_at, t.user_message, t.bot_response
FROM ml.rating r JOIN ml.training_data t ON t.shop_id = r.shop_id AND t.id = r.training_id
WHERE r.shop_id = $1 AND ($2::uuid IS NULL OR r.training_id = $2)
ORDER BY r.updated_at DESC, r.id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Word:
    """What a person of the shop says of a row; what is None stays as it was."""

    id: UUID
    who: str
    via: str
    at: datetime
    stars: int | None = None
    thumb: int | None = None
    comment: str | None = None


async def row(
    connection: BatchConnection, shop: UUID, training: UUID, *, lock: bool = False
) -> dict[str, Any] | None:
    found = await connection.fetchrow(
        _ROW.format(lock="FOR UPDATE OF t" if lock else ""), shop, training
    )
    if found is None:
        return None
    return dict(found) | {"sources": decoded(found["sources"]) or []}


async def give(connection: BatchConnection, shop: UUID, training: UUID, word: Word) -> None:
    said = (word.who, word.via, word.stars, word.thumb, word.comment, word.at)
    await connection.execute(_GIVE, shop, word.id, training, *said)
    await cache(connection, shop, training)


async def take_back(connection: BatchConnection, shop: UUID, training: UUID, rating: UUID) -> bool:
    """False when there was none."""
    gone = await connection.fetchval(_TAKE_BACK, shop, rating)
    await cache(connection, shop, training)
    return gone is not None


async def cache(connection: BatchConnection, shop: UUID, training: UUID) -> None:
    await connection.execute(_CACHE, shop, training)


async def process(
    connection: BatchConnection,
    shop: UUID,
    training: UUID,
    word: Word,
    *,
    notes: str | None,
    improved: bool,
) -> None:
    """Whatever was said of a row is dealt with; what comes later is not."""
    done = (word.who, word.at, notes, improved)
    await connection.execute(_PROCESS, shop, training, *done)
    looked = (word.id, training, word.who, word.via, word.at, notes, improved)
    await connection.execute(_LOOKED, shop, *looked)


async def mark_improved(
    connection: BatchConnection, shop: UUID, training: UUID, by: str, at: datetime
) -> None:
    await connection.execute(_IMPROVED, shop, training, by, at)


async def pending(
    connection: BatchConnection, shop: UUID, order: Order, limit: int
) -> list[dict[str, Any]]:
    """Rows with a score of 2 or less, a thumb down or few stars, that nobody has dealt with."""
    found = await connection.fetch(_BAD.format(order=_BY[order]), shop, limit)
    return [dict(one) for one in found]


async def listed(
    connection: BatchConnection, shop: UUID, training: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """The newest first."""
    return [dict(one) for one in await connection.fetch(_LIST, shop, training, limit)]


def decoded(value: Any) -> Any:  # noqa: ANN401  JSON is any shape
    """A connection that SQLAlchemy has used decodes JSON by itself."""
    return json.loads(value) if isinstance(value, str) else value
