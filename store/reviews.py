"""Reads and writes the cases that people review, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from store.filters import LOW, UNKNOWN
from store.session import BatchConnection

Source: TypeAlias = Literal["new", "thumbs", "low", "differs"]

# Each walks along an index from where it was; what came later than its moment is found next time.
_NEW: Final = f"""
SELECT id, created_at AS at, coalesce({UNKNOWN}, false) AS unknown
FROM ml.training_data
WHERE shop_id = $1 AND (created_at, id) > ($2, $3) AND author = 'bot' AND origin = 'chat'
ORDER BY created_at, id LIMIT $4
"""  # noqa: S608  our own text
_THUMBS: Final = """
SELECT training_id AS id, updated_at AS at FROM ml.rating
WHERE shop_id = $1 AND updated_at > $2 AND $3::uuid IS NOT NULL
  AND NOT processed AND (thumb = -1 OR stars <= 2)
ORDER BY updated_at LIMIT $4
"""
_LOW: Final = f"""
SELECT id, evaluated_at AS at FROM ml.training_data
WHERE shop_id = $1 AND (evaluated_at, id) > ($2, $3) AND {LOW} AND author = 'bot'
ORDER BY evaluated_at, id LIMIT $4
"""  # noqa: S608  our own text
_DIFFERS: Final = """
SELECT s.reply_id AS id, s.at, s.answer, s.verdict, t.bot_response AS given,
       coalesce(t.context ->> 'verdict', 'ok') AS stood
FROM ml.shadow_answer s JOIN ml.training_data t ON t.shop_id = s.shop_id AND t.id = s.reply_id
WHERE s.shop_id = $1 AND s.at > $2 AND $3::uuid IS NOT NULL AND s.error IS NULL
ORDER BY s.at LIMIT $4
"""
GATHER: Final[dict[Source, str]] = {
    "new": _NEW,
    "thumbs": _THUMBS,
    "low": _LOW,
    "differs": _DIFFERS,
}
_ADD: Final = """
INSERT INTO ml.review_case AS old (shop_id, training_id, reason, sample, at)
SELECT $1, t.id, news.reason, news.sample, t.created_at
FROM unnest($2::uuid[], $3::int[], $4::bool[]) AS news(id, reason, sample)
JOIN ml.training_data t ON t.shop_id = $1 AND t.id = news.id
ON CONFLICT (shop_id, training_id) DO UPDATE SET reason = excluded.reason
WHERE old.state = 'pending' AND excluded.reason < old.reason
"""
_NEXT: Final = """
UPDATE ml.review_case SET claimed_by = $2, claimed_until = $3
WHERE shop_id = $1 AND training_id = (
  SELECT training_id FROM ml.review_case
  WHERE shop_id = $1 AND state = 'pending'
    AND (claimed_until IS NULL OR claimed_until <= $4 OR claimed_by = $2)
  ORDER BY skips, reason, at, training_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING training_id
"""
_CLAIM: Final = """
UPDATE ml.review_case SET claimed_by = $3, claimed_until = $4
WHERE shop_id = $1 AND training_id = $2
  AND (claimed_until IS NULL OR claimed_until <= $5 OR claimed_by = $3)
RETURNING training_id
"""
_DECIDE: Final = """
UPDATE ml.review_case
SET state = $3, intent = $4, stars = $5, better = $6, decided_by = $7, decided_at = $8,
    claimed_by = NULL, claimed_until = NULL
WHERE shop_id = $1 AND training_id = $2 AND state IN ('pending', 'draft')
  AND (claimed_until IS NULL OR claimed_until <= $8 OR claimed_by = $7)
RETURNING training_id
"""
_SKIP: Final = """
UPDATE ml.review_case
SET skips = least(skips + 1, 1000), claimed_by = NULL, claimed_until = NULL
WHERE shop_id = $1 AND training_id = $2 AND state = 'pending' AND claimed_by = $3
"""
_REOPEN: Final = """
UPDATE ml.review_case
SET state = 'pending', intent = NULL, stars = NULL, better = NULL, decided_by = NULL,
    decided_at = NULL
WHERE shop_id = $1 AND training_id = $2
"""
_STOOD: Final = """
SELECT state, reason, skips, decided_by, decided_at FROM ml.review_case
WHERE shop_id = $1 AND training_id = $2 FOR UPDATE
"""
# What was said of it already stands in its form again.
_PUT: Final = """
INSERT INTO ml.review_case (shop_id, training_id, reason, sample, at)
SELECT $1, t.id, $3, $4, t.created_at FROM ml.training_data t WHERE t.shop_id = $1 AND t.id = $2
ON CONFLICT (shop_id, training_id) DO UPDATE
SET reason = excluded.reason, state = 'pending', skips = 0, decided_by = NULL, decided_at = NULL
"""
_PUT_BACK: Final = """
UPDATE ml.review_case
SET state = $4, reason = $5, skips = $6, decided_by = $7, decided_at = $8
WHERE shop_id = $1 AND training_id = $2 AND state = 'pending' AND reason = $3
RETURNING training_id
"""
_WITHDRAW: Final = """
DELETE FROM ml.review_case
WHERE shop_id = $1 AND training_id = $2 AND state = 'pending' AND reason = $3
RETURNING training_id
"""
_RATED: Final = "SELECT stars FROM ml.rating WHERE shop_id = $1 AND id = $2"
_RATE_BACK: Final = """
UPDATE ml.rating SET stars = $3, processed = false WHERE shop_id = $1 AND id = $2
"""
_FORGET: Final = "DELETE FROM ml.rating WHERE shop_id = $1 AND id = $2"
_UNPROCESS: Final = """
UPDATE ml.rating SET processed = false, processed_by = NULL, processed_at = NULL
WHERE shop_id = $1 AND training_id = $2 AND processed_by = $3
"""
_MEANT: Final = """
SELECT intent, confidence, reviewed_by, is_gold FROM ml.nlu_annotation
WHERE shop_id = $1 AND id = $2
"""
_MEAN: Final = """
INSERT INTO ml.nlu_annotation AS old (shop_id, id, training_id, text, intent, reviewed_by, is_gold)
VALUES ($1, $2, $3, $4, $5, $6, true)
ON CONFLICT (shop_id, id) DO UPDATE SET intent = excluded.intent, confidence = 1,
    reviewed_by = excluded.reviewed_by, is_gold = true
"""
_MEAN_BACK: Final = """
UPDATE ml.nlu_annotation SET intent = $3, confidence = $4, reviewed_by = $5, is_gold = $6
WHERE shop_id = $1 AND id = $2
"""
_MEAN_NOTHING: Final = "DELETE FROM ml.nlu_annotation WHERE shop_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Decision:
    state: str
    by: str
    at: datetime
    intent: str | None = None
    stars: int | None = None
    better: str | None = None


async def found(
    connection: BatchConnection, shop: UUID, source: Source, after: tuple[datetime, UUID], most: int
) -> list[dict[str, Any]]:
    """The oldest first."""
    rows = await connection.fetch(GATHER[source], shop, *after, most)
    return [dict(row) for row in rows]


async def add(
    connection: BatchConnection, shop: UUID, cases: Sequence[tuple[UUID, int, bool]]
) -> None:
    """Row, reason and whether it was drawn. A better reason moves a pending case forward."""
    once = {case[0]: case for case in sorted(cases, key=lambda one: -one[1])}
    if once:
        await connection.execute(_ADD, shop, *map(list, zip(*once.values(), strict=True)))


async def next_case(
    connection: BatchConnection, shop: UUID, by: str, until: datetime, at: datetime
) -> UUID | None:
    """Nobody else gets it until then."""
    case: UUID | None = await connection.fetchval(_NEXT, shop, by, until, at)
    return case


async def claim(
    connection: BatchConnection, shop: UUID, case: UUID, by: str, until: datetime, at: datetime
) -> bool:
    return await connection.fetchval(_CLAIM, shop, case, by, until, at) is not None


async def decide(connection: BatchConnection, shop: UUID, case: UUID, said: Decision) -> bool:
    """False when somebody else was quicker, or is at it."""
    told = (said.state, said.intent, said.stars, said.better, said.by, said.at)
    return await connection.fetchval(_DECIDE, shop, case, *told) is not None


async def skip(connection: BatchConnection, shop: UUID, case: UUID, by: str) -> None:
    await connection.execute(_SKIP, shop, case, by)


async def reopen(connection: BatchConnection, shop: UUID, case: UUID) -> None:
    await connection.execute(_REOPEN, shop, case)


async def put(
    connection: BatchConnection, shop: UUID, case: tuple[UUID, int, bool]
) -> list[Any] | None:
    """Whatever became of it, it waits for this reason from now on. What stood there before."""
    before = await connection.fetchrow(_STOOD, shop, case[0])
    await connection.execute(_PUT, shop, *case)
    return None if before is None else list(before)


async def put_back(
    connection: BatchConnection, shop: UUID, case: tuple[UUID, int], before: Sequence[Any] | None
) -> bool:
    """False when it waits for this reason no more."""
    if before is None:
        return await connection.fetchval(_WITHDRAW, shop, *case) is not None
    return await connection.fetchval(_PUT_BACK, shop, *case, *before) is not None


async def rated(connection: BatchConnection, shop: UUID, rating: UUID) -> tuple[int | None] | None:
    """The stars of a rating in a tuple; None where there is no rating."""
    found = await connection.fetchrow(_RATED, shop, rating)
    return None if found is None else (found["stars"],)


async def rate_back(
    connection: BatchConnection, shop: UUID, rating: UUID, before: Sequence[int | None] | None
) -> None:
    if before is None:
        await connection.execute(_FORGET, shop, rating)
    else:
        await connection.execute(_RATE_BACK, shop, rating, before[0])


async def unprocess(connection: BatchConnection, shop: UUID, case: UUID, by: str) -> None:
    await connection.execute(_UNPROCESS, shop, case, by)


async def meant(connection: BatchConnection, shop: UUID, annotation: UUID) -> list[Any] | None:
    found = await connection.fetchrow(_MEANT, shop, annotation)
    return None if found is None else list(found)


async def mean(
    connection: BatchConnection, shop: UUID, annotation: UUID, told: tuple[UUID, str, str, str]
) -> None:
    """`told` is the row, its masked text, what it means and who says so."""
    await connection.execute(_MEAN, shop, annotation, *told)


async def mean_back(
    connection: BatchConnection, shop: UUID, annotation: UUID, before: Sequence[Any] | None
) -> None:
    if before is None:
        await connection.execute(_MEAN_NOTHING, shop, annotation)
    else:
        await connection.execute(_MEAN_BACK, shop, annotation, *before)
