"""Questions that nobody could answer, and those that mean the same together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray

from store.filters import UNKNOWN
from store.session import BatchConnection
from store.vectors import packed, teach

COMPARED: Final = 2_000
"""Of a shop's clusters, the last asked ones, a new question is compared with so many."""

_NEW: Final = f"""
SELECT id, created_at, user_message, intent FROM ml.training_data
WHERE shop_id = $1 AND (created_at, id) > ($2, $3) AND {UNKNOWN} AND user_message <> ''
ORDER BY created_at, id LIMIT $4
"""  # noqa: S608  our own text
_KNOWN: Final = """
SELECT cluster_id FROM ml.question_asked WHERE shop_id = $1 AND digest = $2 LIMIT 1
"""
_NEAREST: Final = """
SELECT id, 1 - (embedding <=> $3) AS cosine FROM (
  SELECT id, embedding FROM ml.question_cluster
  WHERE shop_id = $1 AND model = $2 ORDER BY last_at DESC LIMIT $4
) lately ORDER BY embedding <=> $3, id LIMIT 1
"""
_BEGIN: Final = """
INSERT INTO ml.question_cluster (shop_id, id, times, variants, first_at, last_at, model, embedding)
VALUES ($1, $2, 0, 0, $3, $3, $4, $5) ON CONFLICT DO NOTHING
"""
# Who asks again after the shop answered did not find the answer.
_JOIN: Final = """
WITH told AS (
  SELECT EXISTS (SELECT FROM ml.question_asked
                 WHERE shop_id = $1 AND digest = $4 AND cluster_id = $2) AS known
), fresh AS (
  INSERT INTO ml.question_asked (shop_id, cluster_id, training_id, digest, at)
  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING at
)
UPDATE ml.question_cluster c
SET times = c.times + 1, variants = c.variants + CASE WHEN told.known THEN 0 ELSE 1 END,
    last_at = greatest(c.last_at, fresh.at),
    state = CASE WHEN c.state = 'answered' AND fresh.at > c.decided_at THEN 'open'
            ELSE c.state END
FROM fresh, told WHERE c.shop_id = $1 AND c.id = $2
"""
_STATE: Final = """
SELECT state, answer, wanted, example_id FROM ml.question_cluster
WHERE shop_id = $1 AND id = $2 FOR UPDATE
"""
_DECIDE: Final = """
UPDATE ml.question_cluster
SET state = $3, answer = $4, wanted = $5, example_id = $6, decided_by = $7, decided_at = $8
WHERE shop_id = $1 AND id = $2
"""
_FIRST: Final = """
SELECT training_id FROM ml.question_asked
WHERE shop_id = $1 AND cluster_id = $2 ORDER BY at DESC, training_id LIMIT 1
"""
_ANSWERED: Final = """
SELECT t.user_message, c.answer FROM ml.question_cluster c
CROSS JOIN LATERAL (
  SELECT training_id FROM ml.question_asked a
  WHERE a.shop_id = c.shop_id AND a.cluster_id = c.id ORDER BY a.at DESC, a.training_id LIMIT 1
) asked
JOIN ml.training_data t ON t.shop_id = c.shop_id AND t.id = asked.training_id
WHERE c.shop_id = $1 AND c.state IN ('answered', 'open') AND c.answer IS NOT NULL
ORDER BY c.decided_at DESC, c.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the shop did about a cluster."""

    state: str
    answer: str | None = None
    wanted: str | None = None
    example: UUID | None = None


async def new(
    connection: BatchConnection, shop: UUID, after: tuple[datetime, UUID], most: int
) -> list[tuple[UUID, datetime, str, str]]:
    """Turns without an answer, the oldest first, each with what it was taken for."""
    return [tuple(row) for row in await connection.fetch(_NEW, shop, *after, most)]


async def same_words(connection: BatchConnection, shop: UUID, digest: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(_KNOWN, shop, digest)
    return found


async def nearest(
    connection: BatchConnection, shop: UUID, model: str, vector: NDArray[Any]
) -> tuple[UUID, float] | None:
    await teach(connection)
    found = await connection.fetchrow(_NEAREST, shop, model, packed(vector), COMPARED)
    return None if found is None else (found["id"], float(found["cosine"]))


async def begin(
    connection: BatchConnection, shop: UUID, cluster: UUID, at: datetime, of: tuple[str, Any]
) -> None:
    """`of` is a model and its vector."""
    await teach(connection)
    await connection.execute(_BEGIN, shop, cluster, at, of[0], packed(of[1]))


async def join(
    connection: BatchConnection, shop: UUID, cluster: UUID, turn: tuple[UUID, str, datetime]
) -> None:
    """`turn` is the row, the digest of its words and when it was."""
    await connection.execute(_JOIN, shop, cluster, *turn)


async def standing(connection: BatchConnection, shop: UUID, cluster: UUID) -> Standing | None:
    """Locked until the transaction ends."""
    found = await connection.fetchrow(_STATE, shop, cluster)
    return None if found is None else Standing(*found)


async def decide(
    connection: BatchConnection, shop: UUID, cluster: UUID, to: Standing, by: str, at: datetime
) -> None:
    told = (to.state, to.answer, to.wanted, to.example, by, at)
    await connection.execute(_DECIDE, shop, cluster, *told)


async def spokesman(connection: BatchConnection, shop: UUID, cluster: UUID) -> UUID | None:
    """The last turn in which it was asked."""
    found: UUID | None = await connection.fetchval(_FIRST, shop, cluster)
    return found


async def answered(connection: BatchConnection, shop: UUID, most: int) -> Sequence[tuple[str, str]]:
    """Questions with the shop's answers, the newest first."""
    return [tuple(row) for row in await connection.fetch(_ANSWERED, shop, most)]
