"""What a rollout's turns say: the last minutes, and every conversation of a stage."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from config.rollout import FINE, PART
from store.rails import counted
from store.session import BatchConnection

COUNTS: Final = ("answers", "failed", "slow", "invented", "leaked", "rude")

# Since `$4`, or since the candidate's last `$6` answers began, if that is longer ago.
WINDOW: Final = f"""
SELECT variant, recent, count(*) AS answers, count(*) FILTER (WHERE fallback) AS failed,
       count(*) FILTER (WHERE NOT fallback AND latency_ms > $5) AS slow,
       {counted("checks", "NOT fallback")}
FROM (SELECT t.variant, t.dispatched_at >= $4 AS recent, t.fallback, t.latency_ms,
             coalesce(t.context #>> '{{trace,checks}}', '') AS checks
      FROM ml.training_data t
      WHERE t.shop_id = $1 AND t.rollout_id = $2 AND t.stage = $3
        AND t.dispatched_at >= least($4, (
          SELECT min(one.at) FROM (
            SELECT last.dispatched_at AS at FROM ml.training_data last
            WHERE last.shop_id = $1 AND last.rollout_id = $2 AND last.stage = $3
              AND last.variant = 'canary'
            ORDER BY last.dispatched_at DESC LIMIT $6) one))) one
GROUP BY variant, recent
"""  # noqa: S608  our own text

# A conversation ends where nothing is answered for `$4`, and the next one of the same chat is
# another. One that both sides answered, or another model stood in for, is no observation.
# Whoever is back after the pause and within `$5` was not helped; until then nobody knows.
# Heard of is whoever says something of the answers; who is silent after the pause is not.
# Handed over is a conversation in which the bot asked for a person, known once it is over.
# How content a customer said to be is of whoever answered last before the question, and is the
# score of that conversation: it was asked about the whole of it.
_WHOLE: Final = """
WITH asked AS (
  SELECT last.id, c.stars FROM ml.rollout r
  JOIN app.csat c ON c.shop_id = r.shop_id AND c.asked_at >= r.began_at AND c.stars IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT t.id FROM ml.training_data t
    WHERE t.shop_id = $1 AND t.conversation_id = c.conversation_id
      AND t.dispatched_at <= c.asked_at
    ORDER BY t.dispatched_at DESC LIMIT 1) last
  WHERE r.shop_id = $1 AND r.id = $2
), served AS (
  SELECT t.conversation_id, coalesce(c.merged_into, c.id) AS person, t.variant, t.fallback,
         t.dispatched_at AS at, t.follow_up_at, coalesce(t.stars, t.quality_score) AS score,
         (SELECT avg(asked.stars) FROM asked WHERE asked.id = t.id) AS csat, t.latency_ms,
         least(t.asked_at, t.dispatched_at) AS from_at,
         coalesce((t.context->>'cost_micros')::bigint, 0) AS cost
  FROM ml.training_data t
  JOIN app.customer c ON c.shop_id = t.shop_id AND c.id = t.customer_id
  WHERE t.shop_id = $1 AND t.rollout_id = $2 AND t.stage = $3
), parted AS (
  SELECT *, count(*) FILTER (WHERE paused) OVER (PARTITION BY conversation_id ORDER BY at) AS part
  FROM (SELECT *, at - lag(at) OVER (PARTITION BY conversation_id ORDER BY at) > $4 AS paused
        FROM served) one
), whole AS (
  SELECT min(variant) AS variant, coalesce(avg(csat), avg(score))::float8 AS score,
         avg(csat)::float8 AS csat, sum(cost)::float8 AS cost, max(at) AS last_at,
         conversation_id, min(from_at) AS first_at, array_agg(latency_ms) AS took,
         (array_agg(follow_up_at ORDER BY at DESC))[1] AS back_at
  FROM parted GROUP BY conversation_id, part
  HAVING min(variant) = max(variant) AND NOT bool_or(fallback)
)
"""
CONVERSATIONS: Final = f"""{_WHOLE}
, seen AS (
  SELECT variant, score, csat, cost,
         CASE WHEN back_at - last_at > $4 AND back_at - last_at <= $5 THEN 1.0
              WHEN $6 - last_at > $5 THEN 0.0 END::float8 AS recontact,
         CASE WHEN $6 - last_at > $4 THEN (score IS NOT NULL)::int END::float8 AS heard,
         CASE WHEN $6 - last_at > $4 THEN EXISTS (
           SELECT FROM app.hand_over h
           WHERE h.shop_id = $1 AND h.conversation_id = whole.conversation_id
             AND h.at >= first_at AND h.at <= last_at + $4)::int END::float8 AS handover
  FROM whole
), fine AS (
  SELECT variant, percentile_disc((
           SELECT array_agg(step / {FINE}.0 ORDER BY step) FROM generate_series(0, {FINE}) AS step
         )::float8[]) WITHIN GROUP (ORDER BY ms) AS delays
  FROM whole, unnest(took) AS ms GROUP BY variant
), late AS (
  SELECT variant, count(*) AS delay_n, avg(answers)::float8 AS delay_answers,
         var_samp(late - (1 - {PART}) * answers)::float8 AS delay_spread
  FROM (SELECT variant, cardinality(took) AS answers,
               (SELECT count(*) FROM unnest(took) AS ms
                WHERE ms > delays[1 + round({PART} * {FINE})]) AS late
        FROM whole JOIN fine USING (variant)) one
  GROUP BY variant
)
SELECT told.*, people.customers, fine.delays, late.delay_n, late.delay_answers, late.delay_spread
FROM (
  SELECT variant, count(*) AS conversations,
         count(score) AS score_n, avg(score) AS score_mean, var_samp(score) AS score_var,
         ARRAY(SELECT count(given) FROM unnest(array_agg(round(csat))) AS given
               RIGHT JOIN generate_series(1, 5) AS star ON given = star
               GROUP BY star ORDER BY star) AS stars,
         count(recontact) AS recontact_n, avg(recontact) AS recontact_mean,
         var_samp(recontact) AS recontact_var,
         count(heard) AS heard_n, avg(heard) AS heard_mean, var_samp(heard) AS heard_var,
         count(handover) AS handover_n, avg(handover) AS handover_mean,
         var_samp(handover) AS handover_var,
         count(cost) AS cost_n, avg(cost) AS cost_mean, var_samp(cost) AS cost_var
  FROM seen GROUP BY variant
) told JOIN (
  SELECT variant, count(DISTINCT person) AS customers FROM served GROUP BY variant
) people USING (variant) JOIN fine USING (variant) JOIN late USING (variant)
"""  # noqa: S608  our own text
SCORES: Final = f"""{_WHOLE}
SELECT variant, score FROM whole WHERE score IS NOT NULL ORDER BY last_at LIMIT $5
"""  # noqa: S608  our own text


async def window(
    connection: BatchConnection,
    rollout: tuple[UUID, UUID, int],
    since: datetime,
    last: int,
    slow_ms: int,
) -> list[tuple[str, bool, dict[str, int]]]:
    """Of each side, how many answers there were since then, and how many of them were bad; apart
    from those, how many before, as far back as the candidate's `last` answers reach."""
    rows = await connection.fetch(WINDOW, *rollout, since, slow_ms, last)
    return [(one["variant"], one["recent"], {name: one[name] for name in COUNTS}) for one in rows]


async def conversations(
    connection: BatchConnection,
    rollout: tuple[UUID, UUID, int],
    pause: timedelta,
    recontact: timedelta,
    now: datetime,
) -> dict[str, dict[str, Any]]:
    """Of each side of one stage: its conversations, its customers, and what was seen in them.
    `rollout` is its shop, its id and the stage."""
    rows = await connection.fetch(CONVERSATIONS, *rollout, pause, recontact, now)
    return {row["variant"]: dict(row) for row in rows}


async def scores(
    connection: BatchConnection, rollout: tuple[UUID, UUID, int], pause: timedelta, most: int
) -> list[tuple[str, float]]:
    """Side and score of each conversation of a stage, in the order in which they ended."""
    rows = await connection.fetch(SCORES, *rollout, pause, most)
    return [(row["variant"], row["score"]) for row in rows]
