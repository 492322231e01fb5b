"""How a reply came about, as its training row and its message keep it."""

import json
from typing import Any, Final
from uuid import UUID

from store.session import BatchConnection

_WHY: Final = """
SELECT m.id, m.conversation_id, m.request_id, m.text, m.at, m.author, t.user_message, t.intent,
    t.category, t.slots, t.confidence, t.locale, t.intensity, t.tone, t.context, t.product_name,
    t.provider, t.model, t.model_version, t.tokens_in, t.tokens_out, t.latency_ms, t.quality_score,
    t.quality_label, t.user_feedback, v.name AS version, t.variant, t.fallback, t.rollout_id
FROM app.message m
LEFT JOIN ml.training_data t ON t.shop_id = m.shop_id AND t.id = m.id
LEFT JOIN ml.model_version v ON v.shop_id = t.shop_id AND v.id = t.version_id
WHERE m.shop_id = $1 AND m.id = $2
"""
_JUDGEMENTS: Final = """
SELECT scorer, version, score, label, confidence, successful, evidence, created_at
FROM ml.score WHERE shop_id = $1 AND training_id = $2 ORDER BY created_at, scorer, version
"""
_COUNTS: Final = """
SELECT id, quality_score AS score, quality_label AS label, quality_confidence AS confidence,
    is_successful AS successful FROM ml.training_data WHERE shop_id = $1 AND id = $2
"""
_LAST: Final = """
SELECT id FROM ml.training_data WHERE shop_id = $1 ORDER BY created_at DESC, id LIMIT 1
"""


async def decision(connection: BatchConnection, shop: UUID, message: UUID) -> dict[str, Any] | None:
    """None when there is no such message; without a training row nothing but what was said."""
    found = await connection.fetchrow(_WHY, shop, message)
    if found is None:
        return None
    told = dict(found)
    for name in ("slots", "context"):
        told[name] = json.loads(told[name]) if isinstance(told[name], str) else told[name]
    return told


async def judgements(
    connection: BatchConnection, shop: UUID, training: UUID
) -> dict[str, Any] | None:
    """What counts for a reply, and everything that was said of it; None when there is no such."""
    counts = await connection.fetchrow(_COUNTS, shop, training)
    if counts is None:
        return None
    said = [dict(row) for row in await connection.fetch(_JUDGEMENTS, shop, training)]
    for one in said:
        told = one["evidence"]
        one["evidence"] = json.loads(told) if isinstance(told, str) else told
    return {**dict(counts), "judgements": said}


async def last_reply(connection: BatchConnection, shop: UUID) -> UUID | None:
    found: UUID | None = await connection.fetchval(_LAST, shop)
    return found
