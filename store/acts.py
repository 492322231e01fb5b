"""Reads and writes what a shop's people do with its library, in the caller's transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.batches import BatchInsert, Row
from store.grading import decoded
from store.ml import TrainingData
from store.session import BatchConnection

_KEEP: Final = """
INSERT INTO ml.teaching_act (shop_id, id, by, kind, before, at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6) ON CONFLICT DO NOTHING
"""
_TAKE: Final = """
UPDATE ml.teaching_act SET undone_at = $4
WHERE shop_id = $1 AND id = $2 AND by = $3 AND undone_at IS NULL RETURNING kind, before
"""
_LAST: Final = """
SELECT id FROM ml.teaching_act
WHERE shop_id = $1 AND by = $2 AND kind = $3 AND undone_at IS NULL AND at > $4
ORDER BY at DESC, id LIMIT 1
"""
_ALLOWED: Final = """
SELECT id, allowed FROM ml.training_data WHERE shop_id = $1 AND id = ANY ($2::uuid[])
ORDER BY id FOR UPDATE
"""
_ALLOW: Final = """
WITH said AS (
  INSERT INTO ml.acceptance AS old (shop_id, training_id, accepted, by, at)
  SELECT $1, news.id, news.allowed, $4, $5
  FROM unnest($2::uuid[], $3::bool[]) AS news(id, allowed) WHERE news.allowed IS NOT NULL
  ON CONFLICT (shop_id, training_id) DO UPDATE
  SET accepted = excluded.accepted, by = excluded.by, at = excluded.at
), unsaid AS (
  DELETE FROM ml.acceptance a USING unnest($2::uuid[], $3::bool[]) AS news(id, allowed)
  WHERE a.shop_id = $1 AND a.training_id = news.id AND news.allowed IS NULL
)
UPDATE ml.training_data t SET allowed = news.allowed
FROM unnest($2::uuid[], $3::bool[]) AS news(id, allowed) WHERE t.shop_id = $1 AND t.id = news.id
"""
_OUTCOME: Final = """
SELECT training_id, converted, amount, currency, by, at FROM ml.outcome
WHERE shop_id = $1 AND training_id = $2
"""
_SAY: Final = """
INSERT INTO ml.outcome (shop_id, training_id, converted, amount, currency, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (shop_id, training_id) DO UPDATE SET converted = excluded.converted,
    amount = excluded.amount, currency = excluded.currency, by = excluded.by, at = excluded.at
"""
_UNSAY: Final = """
WITH voice AS (
  DELETE FROM ml.score WHERE shop_id = $1 AND training_id = $2 AND scorer = 'sale'
)
DELETE FROM ml.outcome WHERE shop_id = $1 AND training_id = $2
"""
# What a conversation came to is the doing of the answer that led to the order, else of the last
# answer that was a success, else of the last one.
_LEADING: Final = """
SELECT id FROM ml.training_data
WHERE shop_id = $1 AND conversation_id = $2
ORDER BY order_id IS NULL, NOT is_successful, position DESC LIMIT 1
"""
# All that people said of one conversation, whichever of its answers they said it of.
_SAID: Final = """
SELECT o.training_id, o.converted FROM ml.outcome o
JOIN ml.training_data t ON t.shop_id = o.shop_id AND t.id = o.training_id
WHERE t.shop_id = $1 AND t.conversation_id = $2 ORDER BY o.at DESC, o.training_id
"""
_TALK: Final = """
SELECT conversation_id FROM ml.training_data
WHERE shop_id = $1 AND id = $2 AND origin = 'chat'
"""
_CONVERT: Final = """
INSERT INTO app.conversation_state AS old
  (shop_id, conversation_id, at, converted, converted_by, converted_at)
VALUES ($1, $2, $5, $3, $4, $5)
ON CONFLICT (shop_id, conversation_id) DO UPDATE SET converted = excluded.converted,
    converted_by = excluded.converted_by, converted_at = excluded.converted_at
"""
_NOBODY: Final = """
WITH somebody AS (
  INSERT INTO app.customer (shop_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING
)
INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at)
VALUES ($1, $2, $2, 'own:library', $2::text, 'epoch') ON CONFLICT DO NOTHING
"""
_KNOWN: Final = "SELECT id FROM ml.training_data WHERE shop_id = $1 AND id = ANY ($2::uuid[])"
# A dataset says which rows it used, for ever: such a row is left out of later ones instead.
_FREE: Final = """
SELECT t.id FROM ml.training_data t
WHERE t.shop_id = $1 AND t.id = ANY ($2::uuid[]) AND t.origin <> 'chat'
  AND NOT EXISTS (SELECT FROM ml.dataset_row d WHERE d.shop_id = $1 AND d.training_id = t.id)
FOR UPDATE
"""
_PARTS: Final = tuple(
    f"DELETE FROM ml.{table} WHERE shop_id = $1 AND training_id = ANY ($2::uuid[])"  # noqa: S608
    for table in ("acceptance", "example", "score", "rating", "correction", "exemplar")
)
_REMOVE: Final = "DELETE FROM ml.training_data WHERE shop_id = $1 AND id = ANY ($2::uuid[])"
ADD: Final = BatchInsert.into(
    TrainingData,
    "shop_id", "id", "customer_id", "conversation_id", "request_id", "position", "author",
    "user_message", "bot_response", "intensity", "tone", "locale", "intent", "slots", "confidence",
    "context", "category", "provider", "model", "model_version", "tokens_in", "tokens_out",
    "latency_ms", "dispatched_at", "origin",
    conflict="(shop_id, id) DO NOTHING",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says became of a turn; `amount` is in the smallest unit of the currency."""

    converted: bool
    amount: int | None
    currency: str
    by: str
    at: datetime


async def keep(
    connection: BatchConnection, shop: UUID, act: UUID, told: tuple[str, str, Any, datetime]
) -> None:
    """`told` is who, what kind, what stood there before, and when."""
    by, kind, before, at = told
    await connection.execute(_KEEP, shop, act, by, kind, json.dumps(before), at)


async def take(
    connection: BatchConnection, shop: UUID, act: UUID, by: str, at: datetime
) -> tuple[str, Any] | None:
    """Its kind and what stood there before; once, and only for who did it."""
    found = await connection.fetchrow(_TAKE, shop, act, by, at)
    return None if found is None else (found["kind"], decoded(found["before"]))


async def last(
    connection: BatchConnection, shop: UUID, by: str, kind: str, since: datetime
) -> UUID | None:
    found: UUID | None = await connection.fetchval(_LAST, shop, by, kind, since)
    return found


async def allowed(
    connection: BatchConnection, shop: UUID, rows: Sequence[UUID]
) -> dict[UUID, bool | None]:
    """Of those that are the shop's, locked until the transaction ends."""
    return {row[0]: row[1] for row in await connection.fetch(_ALLOWED, shop, list(rows))}


async def allow(
    connection: BatchConnection,
    shop: UUID,
    rows: Sequence[tuple[UUID, bool | None]],
    by: str,
    at: datetime,
) -> None:
    """None is as if nobody had said anything."""
    if rows:
        ids, values = zip(*rows, strict=True)
        await connection.execute(_ALLOW, shop, list(ids), list(values), by, at)


async def outcome(connection: BatchConnection, shop: UUID, row: UUID) -> Said | None:
    found = await connection.fetchrow(_OUTCOME, shop, row)
    return None if found is None else Said(*tuple(found)[1:])


async def say_outcome(
    connection: BatchConnection, shop: UUID, row: UUID, said: Said | None
) -> None:
    if said is None:
        await connection.execute(_UNSAY, shop, row)
        return
    told = (said.converted, said.amount, said.currency, said.by, said.at)
    await connection.execute(_SAY, shop, row, *told)


async def leading(connection: BatchConnection, shop: UUID, conversation: UUID) -> UUID | None:
    found: UUID | None = await connection.fetchval(_LEADING, shop, conversation)
    return found


async def conversation_of(connection: BatchConnection, shop: UUID, row: UUID) -> UUID | None:
    """None for what nobody chatted."""
    found: UUID | None = await connection.fetchval(_TALK, shop, row)
    return found


async def said_of(connection: BatchConnection, shop: UUID, conversation: UUID) -> dict[UUID, bool]:
    """Whether each answer that people spoke of sold; the newest word first."""
    return {row[0]: row[1] for row in await connection.fetch(_SAID, shop, conversation)}


async def convert(
    connection: BatchConnection,
    shop: UUID,
    conversation: UUID,
    told: tuple[bool | None, str, datetime],
) -> None:
    """What people say of a conversation, who and when; None leaves it to its orders."""
    await connection.execute(_CONVERT, shop, conversation, *told)


async def add(
    connection: BatchConnection, shop: UUID, nobody: UUID, rows: Sequence[Row]
) -> list[UUID]:
    """Rows of the columns of ADD; `nobody` is whose they are. Those that were not there yet."""
    await connection.execute(_NOBODY, shop, nobody)
    ids = [row[1] for row in rows]
    known = {row[0] for row in await connection.fetch(_KNOWN, shop, ids)}
    await ADD.write(connection, rows)
    return [one for one in dict.fromkeys(ids) if one not in known]


async def remove(connection: BatchConnection, shop: UUID, rows: Sequence[UUID]) -> list[UUID]:
    """Of those that nobody chatted; what a dataset used stays. Returns those that are gone."""
    gone = [row[0] for row in await connection.fetch(_FREE, shop, list(rows))]
    for statement in (*_PARTS, _REMOVE):
        await connection.execute(statement, shop, gone)
    return gone
