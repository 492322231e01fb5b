"""Labels of replies with the texts and judgements that they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from store.batches import BatchInsert, Row
from store.scoring import ReplyLabel
from store.session import BatchConnection

MOST: Final = 4_000
"""Labels a scorer is trained on, the newest of them."""
LATELY: Final = 2_000
"""Rows among which the next one to be labelled is drawn."""

_NEXT: Final = """
SELECT r.id, r.user_message, r.bot_response, r.user_feedback FROM (
  SELECT t.* FROM ml.training_data t
  WHERE t.shop_id = $1 AND t.author = 'bot' AND t.follow_up_id IS NOT NULL
    AND t.user_feedback IS NOT NULL
  ORDER BY t.created_at DESC LIMIT $3
) r
WHERE NOT EXISTS (SELECT FROM ml.reply_label l WHERE l.shop_id = r.shop_id
                  AND l.training_id = r.id AND l.labelled_by = $2)
  AND r.id <> ALL ($5::uuid[])
ORDER BY md5(r.id::text), r.id LIMIT $4
"""
_KNOWN: Final = """
SELECT asked.id FROM unnest($2::uuid[]) AS asked(id)
CROSS JOIN LATERAL (
  SELECT t.author, t.follow_up_id FROM ml.training_data t
  WHERE t.shop_id = $1 AND t.id = asked.id ORDER BY t.id LIMIT 1
) t
WHERE t.author = 'bot' AND t.follow_up_id IS NOT NULL
"""
_SAID: Final = """
SELECT asked.id, l.score FROM unnest($2::uuid[]) AS asked(id)
CROSS JOIN LATERAL (
  SELECT one.score FROM ml.reply_label one
  WHERE one.shop_id = $1 AND one.training_id = asked.id ORDER BY one.labelled_by LIMIT 100
) l
"""
_LABELS: Final = """
SELECT l.training_id, coalesce(t.bot_response, l.reply, ''), coalesce(t.user_feedback, l.next, ''),
       l.score, l.labelled_by, l.note, l.frozen, l.created_at
FROM ml.reply_label l
LEFT JOIN ml.training_data t ON t.shop_id = l.shop_id AND t.id = l.training_id
WHERE l.shop_id = $1 ORDER BY l.created_at DESC, l.id LIMIT $2
"""
_JUDGED: Final = """
SELECT s.training_id, t.bot_response, t.user_feedback, s.score FROM (
  SELECT * FROM ml.score j WHERE j.shop_id = $1 AND j.scorer = 'judge'
  ORDER BY j.created_at DESC LIMIT $2
) s
JOIN ml.training_data t ON t.shop_id = s.shop_id AND t.id = s.training_id
WHERE s.label <> 'refused' AND (s.score IS NULL OR s.confidence >= $3)
  AND t.user_feedback IS NOT NULL
"""
_COUNT: Final = """
SELECT (SELECT count(*) FROM ml.reply_label l WHERE l.shop_id = $1 AND NOT l.frozen)
     + (SELECT count(*) FROM ml.score s
        WHERE s.shop_id = $1 AND s.scorer = 'judge' AND s.label <> 'refused')
"""
_SCORES: Final = """
SELECT asked.id, s.scorer, s.score FROM unnest($2::uuid[]) AS asked(id)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (one.scorer) one.scorer, one.score FROM ml.score one
  WHERE one.shop_id = $1 AND one.training_id = asked.id AND one.scorer = ANY ($3)
    AND one.label <> 'refused'
  ORDER BY one.scorer, one.version DESC
) s
"""

# What the same person said of the same reply before is replaced; the first moment stays.
KEEP: Final = BatchInsert.into(
    ReplyLabel,
    "shop_id", "id", "training_id", "reply", "next", "score", "labelled_by", "note", "frozen",
    "created_at",
    conflict="(shop_id, id) DO UPDATE SET score = excluded.score, note = excluded.note,"
    " frozen = excluded.frozen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """What a person has to see to judge a reply; nobody's score is among it."""

    id: UUID
    question: str
    reply: str
    next: str


@dataclass(frozen=True, slots=True)
class Label:
    training: UUID | None
    reply: str
    next: str
    score: int | None
    by: str
    note: str
    frozen: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge says of a message."""

    training: UUID
    reply: str
    next: str
    score: int | None


async def keep_labels(connection: BatchConnection, rows: Sequence[Row]) -> None:
    """Rows of the columns of KEEP, none twice."""
    await KEEP.write(connection, rows)


async def unlabelled(
    connection: BatchConnection, shop: UUID, by: str, count: int, without: Sequence[UUID] = ()
) -> list[Unlabelled]:
    """Drawn from the newest rows by their ids: in an order that has to do with nothing."""
    found = await connection.fetch(_NEXT, shop, by, LATELY, count, list(without))
    return [Unlabelled(*row) for row in found]


async def may_be_labelled(
    connection: BatchConnection, shop: UUID, ids: Sequence[UUID]
) -> frozenset[UUID]:
    """Of these, the bot's own replies that the customer answered."""
    return frozenset(row[0] for row in await connection.fetch(_KNOWN, shop, ids))


async def said_of(
    connection: BatchConnection, shop: UUID, ids: Sequence[UUID]
) -> dict[UUID, list[int | None]]:
    found: dict[UUID, list[int | None]] = {}
    for id_, score in await connection.fetch(_SAID, shop, ids):
        found.setdefault(id_, []).append(score)
    return found


async def labels(connection: BatchConnection, shop: UUID, count: int = MOST) -> list[Label]:
    """The newest first."""
    return [Label(*row) for row in await connection.fetch(_LABELS, shop, count)]


async def opinions(
    connection: BatchConnection, shop: UUID, sure: float, count: int = MOST
) -> list[Opinion]:
    return [Opinion(*row) for row in await connection.fetch(_JUDGED, shop, count, sure)]


async def count_labels(connection: BatchConnection, shop: UUID) -> int:
    """Those that may be trained on, by people and by the judge."""
    return int(await connection.fetchval(_COUNT, shop))


async def scores_of(
    connection: BatchConnection, shop: UUID, ids: Sequence[UUID], scorers: Sequence[str]
) -> dict[tuple[UUID, str], int | None]:
    """The newest of each scorer."""
    found = await connection.fetch(_SCORES, shop, ids, scorers)
    return {(row[0], row[1]): row[2] for row in found}
