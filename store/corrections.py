"""Reads and writes proposals for better answers, and what became of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.grading import decoded
from store.session import BatchConnection

_PROPOSE: Final = """
INSERT INTO ml.correction AS old (shop_id, id, training_id, text, basis, origin, proposed_by, why,
                                  checks, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)
ON CONFLICT (shop_id, id) DO UPDATE SET checks = excluded.checks, basis = excluded.basis,
    why = CASE excluded.why WHEN '' THEN old.why ELSE excluded.why END
WHERE old.state = 'proposed'
"""
_COLUMNS: Final = """
c.id, c.training_id, c.text, c.basis, c.origin, c.proposed_by, c.why, c.checks, c.state,
c.decided_by, c.decided_at, c.created_at, t.user_message AS question
FROM ml.correction c JOIN ml.training_data t ON t.shop_id = c.shop_id AND t.id = c.training_id
"""
_ONE: Final = f"SELECT {_COLUMNS} WHERE c.shop_id = $1 AND c.id = $2"
_LIST: Final = f"""
SELECT {_COLUMNS} WHERE c.shop_id = $1 AND ($2::text IS NULL OR c.state = $2)
  AND ($3::uuid IS NULL OR c.training_id = $3)
ORDER BY c.created_at DESC, c.id LIMIT $4
"""
_CALLED: Final = """
SELECT id FROM ml.correction
WHERE shop_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id LIMIT 2
"""
_DECIDE: Final = """
UPDATE ml.correction SET state = $3, decided_by = $4, decided_at = $5, checks = $6::jsonb,
    why = CASE $7 WHEN '' THEN why ELSE $7 END
WHERE shop_id = $1 AND id = $2
"""
_PASSAGES: Final = """
SELECT p.id, p.heading, p.text FROM ml.passage p
JOIN ml.document d ON d.shop_id = p.shop_id AND d.id = p.document_id
WHERE p.shop_id = $1 AND p.id = ANY ($2) AND d.active AND (d.lapses_at > now()) IS NOT FALSE
"""
_TAGS: Final = "SELECT masks FROM app.message WHERE shop_id = $1 AND id = $2"
# Going back is a decision, too: the one before it counts again, or none.
_REVERT: Final = """
WITH gone AS (
  UPDATE ml.correction SET state = 'refused', decided_by = $4, decided_at = $5
  WHERE shop_id = $1 AND id = $3 AND training_id = $2 AND state = 'accepted' RETURNING id
)
UPDATE ml.training_data SET correction = (
  SELECT c.text FROM ml.correction c
  WHERE c.shop_id = $1 AND c.training_id = $2 AND c.state = 'accepted' AND c.id <> $3
  ORDER BY c.decided_at DESC, c.id LIMIT 1)
WHERE shop_id = $1 AND id = $2 AND EXISTS (SELECT FROM gone)
"""
_CORRECT: Final = "UPDATE ml.training_data SET correction = $3 WHERE shop_id = $1 AND id = $2"


async def propose(
    connection: BatchConnection, shop: UUID, one: Mapping[str, Any], at: datetime
) -> None:
    """The same text by the same hand again is the same proposal; a decided one stays decided."""
    names = ("id", "training_id", "text", "basis", "origin", "proposed_by", "why")
    given = (*(one[name] for name in names), _json(one["checks"]), at)
    await connection.execute(_PROPOSE, shop, *given)


async def correction(connection: BatchConnection, shop: UUID, which: UUID) -> dict[str, Any] | None:
    """None is called so. Its row's lock is what guards it."""
    found = await connection.fetchrow(_ONE, shop, which)
    return _told(dict(found)) if found is not None else None


async def corrections(
    connection: BatchConnection, shop: UUID, *, state: str | None, training: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """The newest first."""
    return [_told(dict(one)) for one in await connection.fetch(_LIST, shop, state, training, limit)]


async def called(connection: BatchConnection, shop: UUID, first: UUID, last: UUID) -> list[UUID]:
    """At most two whose ids lie between two others: enough to know that a beginning is none's."""
    return [one["id"] for one in await connection.fetch(_CALLED, shop, first, last)]


async def decide(
    connection: BatchConnection, shop: UUID, which: UUID, decided: Mapping[str, Any]
) -> None:
    names = ("state", "by", "at")
    given = (*(decided[name] for name in names), _json(decided["checks"]), decided["why"])
    await connection.execute(_DECIDE, shop, which, *given)


async def correct(connection: BatchConnection, shop: UUID, training: UUID, text: str) -> None:
    await connection.execute(_CORRECT, shop, training, text)


async def revert(
    connection: BatchConnection, shop: UUID, of: tuple[UUID, UUID], by: str, at: datetime
) -> None:
    """`of` is a row and its accepted correction; whatever else stands is left alone."""
    await connection.execute(_REVERT, shop, *of, by, at)


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    return dict(found) | {"checks": decoded(found["checks"])}


async def tags_of(connection: BatchConnection, shop: UUID, reply: UUID) -> dict[str, str]:
    """What the tags in a reply's row stand for."""
    return dict(decoded(await connection.fetchval(_TAGS, shop, reply)) or {})


async def passages_of(
    connection: BatchConnection, shop: UUID, ids: Sequence[UUID]
) -> list[tuple[UUID, str, str]]:
    """Id, heading and text of those that still stand."""
    found = await connection.fetch(_PASSAGES, shop, list(ids))
    return [(one["id"], one["heading"], one["text"]) for one in found]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
