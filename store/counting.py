"""What happened to a shop between two moments, counted: every statement reads those rows alone.

Replies are found by when they left (`event_log`), and their rows by their keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.curating import BY_KEY
from store.expenses import LEARNING, OF_DAY
from store.session import BatchConnection, Store

# Each row is looked up by itself: statistics of before a table grew would hold it against all.
_SAID: Final = """
SELECT e.provider, e.tokens_in, e.tokens_out, e.latency_ms, t.id, t.user_message,
       t.conversation_id, t.customer_id, coalesce(t.stars, t.quality_score) AS score,
       t.is_successful,
       coalesce(t.context -> 'sources' @> '[{"kind": "answer", "id": "unknown"}]', false) AS unknown
FROM app.event_log e
CROSS JOIN LATERAL (
  SELECT one.id, one.user_message, one.conversation_id, one.customer_id, one.stars,
         one.quality_score, one.is_successful, one.context
  FROM ml.training_data one WHERE one.shop_id = $1 AND one.id = e.reply_id
  ORDER BY one.id LIMIT 1
) t
WHERE e.shop_id = $1 AND e.created_at >= $2 AND e.created_at < $3
"""
REPLIES: Final = f"""
SELECT count(*)::int AS replies, count(DISTINCT conversation_id)::int AS conversations,
       count(score)::int AS scored, coalesce(sum(score), 0) AS score_sum,
       (count(*) FILTER (WHERE is_successful))::int AS successes,
       (count(*) FILTER (WHERE unknown))::int AS no_answers,
       (count(*) FILTER (WHERE provider <> ALL ($4)))::int AS local,
       coalesce(sum(tokens_in), 0) AS tokens_in, coalesce(sum(tokens_out), 0) AS tokens_out,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS p95_ms
FROM ({_SAID}) said
"""  # noqa: S608  our own text
ORDERED: Final = """
SELECT count(*)::int AS orders, coalesce(sum(total), 0)::bigint AS orders_sum
FROM app.orders WHERE shop_id = $1 AND confirmed_at >= $2 AND confirmed_at < $3
"""
PAID: Final = """
SELECT count(*)::int AS paid, coalesce(sum(total), 0)::bigint AS paid_sum,
       count(reply_id)::int AS paid_led,
       coalesce(sum(total) FILTER (WHERE reply_id IS NOT NULL), 0)::bigint AS paid_led_sum
FROM app.orders WHERE shop_id = $1 AND paid_at >= $2 AND paid_at < $3 AND state = 'paid'
"""
HANDED: Final = """
SELECT count(*)::int AS hand_overs FROM app.hand_over WHERE shop_id = $1 AND at >= $2 AND at < $3
"""
RATED: Final = """
SELECT count(*)::int AS ratings,
       (count(*) FILTER (WHERE thumb = -1 OR stars <= 2))::int AS bad_ratings
FROM ml.rating WHERE shop_id = $1 AND updated_at >= $2 AND updated_at < $3
  AND (stars IS NOT NULL OR thumb IS NOT NULL)
"""
CORRECTED: Final = """
SELECT count(*)::int AS corrections FROM ml.correction
WHERE shop_id = $1 AND created_at >= $2 AND created_at < $3 AND state = 'accepted'
"""
COUNTS: Final = (ORDERED, PAID, HANDED, RATED, CORRECTED)
UNANSWERED: Final = f"""
SELECT said.id, said.user_message, coalesce(c.merged_into, c.id) AS person
FROM ({_SAID}) said
JOIN app.customer c ON c.shop_id = $1 AND c.id = said.customer_id
WHERE said.unknown ORDER BY said.id
"""  # noqa: S608  our own text
TRAINED: Final = """
SELECT count(*)::int AS trainings FROM ml.training_job
WHERE shop_id = $1 AND finished_at >= $2 AND finished_at < $3 AND state = 'succeeded'
"""
VERSIONS: Final = """
SELECT name FROM ml.model_version
WHERE shop_id = $1 AND created_at >= $2 AND created_at < $3 ORDER BY created_at, name
"""
ASIDE: Final = (*LEARNING, "voice", "image")
QUESTIONS: Final = """
SELECT id, user_message FROM ml.training_data WHERE shop_id = $1 AND id = ANY ($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Of one shop, from a moment on and before another."""

    shop: UUID
    began: datetime
    ended: datetime

    def bound(self) -> tuple[UUID, datetime, datetime]:
        return self.shop, self.began, self.ended


async def counted(store: Store, span: Span, paid: Sequence[str]) -> dict[str, Any]:
    """By the names of the columns of a daily fact; `paid` are the providers that cost money."""
    async with store.tuned(BY_KEY) as connection:
        found = dict(await connection.fetchrow(REPLIES, *span.bound(), list(paid)) or {})
        spent = await connection.fetch(OF_DAY, *span.bound())
        for query in COUNTS:
            found |= await _row(connection, query, span)
    each = {
        row["provider"]: {"replies": row["times"], "micros": row["micros"]}
        for row in spent
        if row["kind"] == "answer"
    }
    cost = {"cost_micros": sum(one["micros"] for one in each.values()), "costs": each}
    return found | {"score_sum": int(found["score_sum"])} | cost


async def unanswered(store: Store, span: Span) -> list[tuple[UUID, str, UUID]]:
    """Replies that only said not to know, with what was asked, and by whom."""
    async with store.tuned(BY_KEY) as connection:
        rows = await connection.fetch(UNANSWERED, *span.bound())
    return [(row["id"], row["user_message"], row["person"]) for row in rows]


async def trained(store: Store, span: Span) -> dict[str, Any]:
    """Trainings that ended, versions that came of them, and what was spent beside answers: on
    trainings, shadows, evaluations, the judge that a running bot asks, and on files that were heard
    or looked at."""
    async with store.tuned(BY_KEY) as connection:
        found = await _row(connection, TRAINED, span)
        spent = await connection.fetch(OF_DAY, *span.bound())
        versions = await connection.fetch(VERSIONS, *span.bound())
    micros = {
        f"{kind}_micros": sum(row["micros"] for row in spent if row["kind"] == kind)
        for kind in ASIDE
    }
    unpriced = {"unpriced_files": sum(row["unpriced"] for row in spent)}
    return found | micros | unpriced | {"versions": [row["name"] for row in versions]}


async def questions(store: Store, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was asked in these rows, as far as they are still there."""
    async with store.lookup() as connection:
        rows = await connection.fetch(QUESTIONS, shop, list(ids))
    return {row["id"]: row["user_message"] for row in rows}


async def _row(connection: BatchConnection, query: str, span: Span) -> dict[str, Any]:
    return dict(await connection.fetchrow(query, *span.bound()) or {})
