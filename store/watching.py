"""What rules are held against: a shop's minutes and hours, each read by an index and a span.

`since` is within, `until` is not.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.expenses import BUDGETED
from store.session import BatchConnection

REVIEWS: Final = 4_000
MINUTES: Final = """
SELECT date_trunc('minute', started_at) AS at,
       count(*) FILTER (WHERE name = 'reply' AND ok) AS answered,
       count(*) FILTER (WHERE NOT ok AND name IN ('reply', 'send')) AS errors,
       coalesce(max(duration_us) FILTER (WHERE name = 'queue'), 0)::bigint AS waited_us,
       coalesce(sum(coalesce((attributes->>'count')::int, 1)) FILTER (WHERE name = 'webhook'), 0)
         AS rejected
FROM app.span WHERE shop_id = $1 AND started_at >= $2 AND started_at < $3
GROUP BY 1
"""
SPENT: Final = f"""
SELECT date_trunc('minute', at) AS at, count(*) FILTER (WHERE kind = 'answer') AS answers,
       coalesce(sum(micros), 0)::bigint AS micros
FROM analytics.expense WHERE shop_id = $1 AND at >= $2 AND at < $3 AND kind IN {BUDGETED}
GROUP BY 1
"""  # noqa: S608  our own text
PERCENTILES: Final = """
SELECT t.at, e.ms, e.answers
FROM unnest($2::timestamptz[]) AS t(at), LATERAL (
  SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS ms, count(*) AS answers
  FROM app.event_log
  WHERE shop_id = $1 AND created_at >= t.at - interval '5 minutes' AND created_at < t.at
) e WHERE e.answers > 0
"""
HOURS: Final = """
SELECT t.at, e.ms, e.turns
FROM unnest($2::timestamptz[]) AS t(at), LATERAL (
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS ms, count(*) AS turns
  FROM app.event_log
  WHERE shop_id = $1 AND created_at >= t.at AND created_at < t.at + interval '1 hour'
) e WHERE e.turns > 0
"""
INTENTS: Final = """
SELECT date_trunc('hour', created_at) AS at, intent, count(*) AS times
FROM ml.training_data
WHERE shop_id = $1 AND created_at >= $2 AND created_at < $3 AND author = 'bot'
GROUP BY 1, 2
"""
WITHDRAWN: Final = """
SELECT s.at FROM ml.rollout r
JOIN ml.rollout_step s ON s.shop_id = r.shop_id AND s.rollout_id = r.id
WHERE r.shop_id = $1 AND s.to_state = 'rolled_back' AND s.at >= $2 AND s.at < $3
ORDER BY s.at
"""
# A candidate that is worse is what evaluations are for; of one that answers people it is news.
MEASURED: Final = """
SELECT e.finished_at AS at, (e.figures#>>'{intent_f1,value}')::float8 AS f1,
       (e.figures#>>'{intent_f1,low}')::float8 AS low,
       (e.figures#>>'{intent_f1,high}')::float8 AS high, e.fingerprint
FROM ml.eval_run e
LEFT JOIN ml.model_version v ON v.shop_id = e.shop_id AND v.id = e.version_id
WHERE e.shop_id = $1 AND e.created_at >= $2 AND e.finished_at < $3
  AND e.kind = 'golden' AND e.split = 'test' AND e.state = 'done'
  AND e.figures#>>'{intent_f1,value}' IS NOT NULL
  AND (e.version_id IS NULL OR v.deployed_at <= e.finished_at)
ORDER BY e.finished_at
"""
# A day's index stands from its end. Of the probability alone: how long people have been clients
# moves by itself as a lender grows older, and no training mends that.
MOVED: Final = """
SELECT (d.day + 1)::timestamp AT TIME ZONE 'UTC' AS at, max(d.psi) AS psi FROM ml.risk_drift d
JOIN ml.risk_model m ON m.shop_id = d.shop_id AND m.id = d.model_id
WHERE d.shop_id = $1 AND m.active AND d.day >= $2::date AND d.day <= $3::date
  AND d.feature = 'score'
GROUP BY d.day ORDER BY d.day
"""
ENDING: Final = """
SELECT finished_at AS at, coalesce(jsonb_array_length(result -> 'soon'), 0) AS models
FROM app.job_run
WHERE shop_id = $1 AND name = 'expiry' AND state = 'done' AND finished_at >= $2
  AND finished_at <= $3
ORDER BY finished_at
"""
LEARNED: Final = "SELECT trained_at FROM ml.risk_model WHERE shop_id = $1 AND active"
REQUESTS: Final = """
SELECT created_at AS at, due_at, done_at FROM app.privacy_request
WHERE shop_id = $1 AND created_at < $3 AND (state <> 'done' OR done_at > $2)
"""
# As the page of quality takes them: drawn by chance, and decided by a person.
REVIEWED: Final = f"""
SELECT c.at, c.decided_at, t.user_message AS text, c.intent AS wanted, t.intent AS found,
       t.confidence AS likely
FROM ml.review_case c
JOIN ml.training_data t ON t.shop_id = c.shop_id AND t.id = c.training_id
WHERE c.shop_id = $1 AND c.sample AND c.at >= $2 AND c.at < $3 AND c.state = 'done'
  AND c.intent IS NOT NULL
ORDER BY c.at DESC LIMIT {REVIEWS}
"""  # noqa: S608  our own text
TAUGHT: Final = """
SELECT created_at AS at, active, CAST(header#>'{metrics,f1}' AS text) AS f1 FROM ml.nlu_model
WHERE shop_id = $1 ORDER BY version DESC LIMIT 30
"""
SAID: Final = """
SELECT count(*) FILTER (WHERE thumb = 1) AS up, count(*) FILTER (WHERE thumb = -1) AS down,
       count(*) FILTER (WHERE stars IS NOT NULL) AS stars,
       count(*) FILTER (WHERE comment <> '') AS comment,
       (SELECT count(*) FROM ml.correction c WHERE c.shop_id = $1) AS correction
FROM ml.rating WHERE shop_id = $1
"""
STALE: Final = """
SELECT count(*) FROM app.job_run
WHERE shop_id = $1 AND state = 'running' AND lease_until < $2::timestamptz - interval '2 minutes'
"""

AWAITING: Final = """
SELECT (SELECT count(*) FROM ml.training_job
        WHERE shop_id = $1 AND state = 'pending' AND approved_by IS NULL)
     + (SELECT count(*) FROM app.job_run run
        JOIN ml.model_version v ON v.shop_id = run.shop_id AND CAST(v.id AS text) = run.period
        WHERE run.shop_id = $1 AND run.name = 'rollout-proposal' AND run.state = 'done'
          AND run.result->>'outcome' = 'proposed' AND v.state = 'candidate'
          AND run.finished_at > $2::timestamptz - interval '30 days'
          AND NOT EXISTS (SELECT FROM ml.rollout r
                          WHERE r.shop_id = v.shop_id AND r.version_id = v.id))
"""


async def minutes(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    return await _rows(connection, MINUTES, shop, since, until)


async def spent(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Of each minute its answers, and the millionths of a dollar that the day's budget paid."""
    return await _rows(connection, SPENT, shop, since, until)


async def percentiles(
    connection: BatchConnection, shop: UUID, moments: Sequence[datetime]
) -> list[dict[str, Any]]:
    """Of the five minutes before each moment."""
    return await _rows(connection, PERCENTILES, shop, list(moments))


async def hours(
    connection: BatchConnection, shop: UUID, wanted: Sequence[datetime]
) -> list[dict[str, Any]]:
    return await _rows(connection, HOURS, shop, list(wanted))


async def intents(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    return await _rows(connection, INTENTS, shop, since, until)


async def withdrawn(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[datetime]:
    found = await connection.fetch(WITHDRAWN, shop, since, until)
    return [row["at"] for row in found]


async def measured(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    return await _rows(connection, MEASURED, shop, since, until)


async def ending(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """How many models in use were to end soon, whenever their provider was asked."""
    found = await connection.fetch(ENDING, shop, since, until)
    return [(row["at"], row["models"]) for row in found]


async def moved(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[tuple[datetime, float]]:
    """The worst stability index of the models of risk in use, by the day it was measured."""
    found = await connection.fetch(MOVED, shop, since.date(), until.date())
    return [(row["at"], row["psi"]) for row in found]


async def learned(connection: BatchConnection, shop: UUID) -> list[datetime]:
    return [row["trained_at"] for row in await connection.fetch(LEARNED, shop)]


async def requests(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """What customers asked of their data that was open at any time between."""
    return await _rows(connection, REQUESTS, shop, since, until)


async def reviewed(
    connection: BatchConnection, shop: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Turns drawn by chance, with what a person said they mean; the newest of them."""
    return await _rows(connection, REVIEWED, shop, since, until)


async def taught(connection: BatchConnection, shop: UUID) -> list[tuple[datetime, bool, Any]]:
    """When each classifier of the shop came, whether it is in use, and the F1 of each intent; the
    newest first."""
    found = await connection.fetch(TAUGHT, shop)
    return [(row["at"], row["active"], json.loads(row["f1"] or "{}")) for row in found]


async def said_of_answers(connection: BatchConnection, shop: UUID) -> dict[str, int]:
    """How much feedback there is, by its kind."""
    (row,) = await _rows(connection, SAID, shop)
    return {kind: int(count) for kind, count in row.items()}


async def stale(connection: BatchConnection, shop: UUID, at: datetime) -> int:
    """Jobs that somebody works at who has not said so for two minutes."""
    return int(await connection.fetchval(STALE, shop, at))


async def awaiting(connection: BatchConnection, shop: UUID, at: datetime) -> int:
    """Trainings, and rollouts proposed in the last 30 days, that nobody has said yes to yet."""
    return int(await connection.fetchval(AWAITING, shop, at))


async def _rows(connection: BatchConnection, query: str, *args: object) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(query, *args)]
