"""A shop's day, counted from the rows of that day alone, in place of what was counted before.

Replies are found by when they left (`event_log`), what people wrote by when it was written down,
at most a day later. Whoever counts has locked the shop's progress.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from store import expenses, gathering, senses
from store.histograms import LATENCY_MS, WAIT_MS, counted
from store.session import BatchConnection

HOUR: Final = "date_trunc('hour', {at}, $4)"
CHANNEL: Final = "coalesce(split_part(c.account, ':', 1), '')"
TALK: Final = """
LEFT JOIN LATERAL (SELECT one.account FROM app.conversation one
                   WHERE one.shop_id = $1 AND one.id = {by} LIMIT 1) c ON true
"""

# Each row is looked up by itself: statistics of before a table grew would hold it against all.
_SAID: Final = f"""
SELECT e.created_at AS at, {HOUR.format(at="e.created_at")} AS hour, {CHANNEL} AS channel,
       e.provider, e.model, e.tokens_in, e.tokens_out, e.latency_ms, e.cost_micros,
       NOT e.ok OR d.state IS NOT NULL AS error, t.id, t.customer_id, t.conversation_id,
       coalesce(t.intent, '') AS intent, t.fallback, t.asked_at, t.is_successful, t.product_id,
       coalesce(t.stars, t.quality_score) AS score,
       coalesce(t.sources @> '[{{"kind": "answer", "id": "unknown"}}]', false) AS unknown,
       coalesce(t.sources @> '[{{"kind": "product", "role": "similar"}}]', false) AS short
FROM app.event_log e
LEFT JOIN LATERAL (
  SELECT one.id, one.customer_id, one.conversation_id, one.intent, one.fallback, one.asked_at,
         one.is_successful, one.product_id, one.stars, one.quality_score,
         one.context -> 'sources' AS sources
  FROM ml.training_data one WHERE one.shop_id = $1 AND one.id = e.reply_id
  ORDER BY one.id LIMIT 1
) t ON true
{TALK.format(by="t.conversation_id")}
LEFT JOIN LATERAL (SELECT one.state FROM app.delivery one
                   WHERE one.shop_id = $1 AND one.message_id = e.reply_id AND one.state = 'failed'
                   LIMIT 1) d ON true
WHERE e.shop_id = $1 AND e.created_at >= $2 AND e.created_at < $3
"""  # noqa: S608  our own text
_WRITTEN: Final = f"""
SELECT t.conversation_id, t.dispatched_at AS at, t.asked_at, {CHANNEL} AS channel
FROM ml.training_data t {TALK.format(by="t.conversation_id")}
WHERE t.shop_id = $1 AND t.author = 'human' AND t.created_at >= $2
  AND t.created_at < $3 + interval '1 day' AND t.dispatched_at >= $2 AND t.dispatched_at < $3
"""  # noqa: S608  our own text
_WAITED: Final = "extract(epoch FROM greatest(waited, interval '0')) * 1000"


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of a roll-up, by one statement of its own; `select` begins with its key."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    select: str

    @property
    def sql(self) -> str:
        names = ", ".join(("shop_id", *self.key, *self.columns))
        changed = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        return (
            f"INSERT INTO analytics.{self.table} ({names}) "
            f"SELECT $1::uuid, {self.select} "
            f"ON CONFLICT ({', '.join(('shop_id', *self.key))}) DO UPDATE SET {changed}"
        )


def _hours(columns: str, values: str, source: str) -> Part:
    select = f"hour, channel, {values} FROM ({source}) one GROUP BY hour, channel"
    return Part("hour_fact", ("hour", "channel"), tuple(columns.split()), select)


def _found(table: str, at: str, by: str, columns: str, where: str = "") -> str:
    """Rows of the day by a column that an index leads to, with their hour and network."""
    return f"""
        SELECT {HOUR.format(at=f"r.{at}")} AS hour, {CHANNEL} AS channel, {columns}
        FROM {table} r {TALK.format(by=by)}
        WHERE r.shop_id = $1 AND r.{at} >= $2 AND r.{at} < $3 {where}
    """  # noqa: S608  our own text


_TALKED: Final = f"""
SELECT {HOUR.format(at="at")} AS hour, channel, waited, alone AND NOT EXISTS (
         SELECT FROM app.hand_over h WHERE h.shop_id = $1 AND h.conversation_id = talk.id
         AND h.at >= $2 AND h.at < $3) AS resolved
FROM (
  SELECT conversation_id AS id, min(at) AS at, min(channel) AS channel, bool_and(bot) AS alone,
         (array_agg(at - asked_at ORDER BY at, bot))[1] AS waited
  FROM (SELECT conversation_id, at, asked_at, channel, true AS bot FROM ({_SAID}) said
        WHERE conversation_id IS NOT NULL
        UNION ALL SELECT conversation_id, at, asked_at, channel, false FROM ({_WRITTEN}) written
  ) line GROUP BY conversation_id
) talk
"""  # noqa: S608  our own text
_HANDED: Final = _found("app.hand_over", "at", "r.conversation_id", "r.reason")
_ORDERS: Final = "app.orders"
_LED: Final = "sum(total) FILTER (WHERE reply_id IS NOT NULL)"
_TRAINED: Final = """(SELECT t.conversation_id FROM ml.training_data t
    WHERE t.shop_id = $1 AND t.id = r.training_id)"""
HOURS: Final = (
    _hours(
        "replies scored score_sum successes no_answers local tokens_in tokens_out cost_micros"
        " errors fallbacks latency",
        "count(*), count(score), coalesce(sum(score), 0), count(*) FILTER (WHERE is_successful),"
        " count(*) FILTER (WHERE unknown), count(*) FILTER (WHERE provider <> ALL ($5::text[])),"
        " sum(tokens_in), sum(tokens_out), sum(cost_micros), count(*) FILTER (WHERE error),"
        f" count(*) FILTER (WHERE fallback), {counted('latency_ms', LATENCY_MS)}",
        _SAID,
    ),
    _hours(
        "conversations resolved wait",
        f"count(*), count(*) FILTER (WHERE resolved), {counted(_WAITED, WAIT_MS)}",
        _TALKED,
    ),
    _hours("hand_overs", "count(*)", _HANDED),
    _hours(
        "csat_asked csat_answered csat_sum csat_good",
        "count(*), count(stars), coalesce(sum(stars), 0), count(*) FILTER (WHERE stars >= 4)",
        _found("app.csat", "asked_at", "r.conversation_id", "r.stars"),
    ),
    _hours(
        "thumbs_up thumbs_down",
        "count(*) FILTER (WHERE thumb = 1), count(*) FILTER (WHERE thumb = -1)",
        _found("ml.rating", "updated_at", _TRAINED, "r.thumb", "AND r.role = 'customer'"),
    ),
    _hours(
        "orders orders_sum",
        "count(*), sum(total)",
        _found(_ORDERS, "confirmed_at", "r.conversation_id", "r.total"),
    ),
    _hours(
        "paid paid_sum paid_led paid_led_sum",
        f"count(*), sum(total), count(reply_id), coalesce({_LED}, 0)",
        _found(
            _ORDERS, "paid_at", "r.conversation_id", "r.total, r.reply_id", "AND r.state = 'paid'"
        ),
    ),
    _hours(
        "corrections",
        "count(*)",
        _found("ml.correction", "created_at", _TRAINED, "r.id", "AND r.state = 'accepted'"),
    ),
)


def _tally(kind: str, name: str, source: str, where: str = "true") -> Part:
    key = ("kind", "hour", "channel", "name")
    select = f"'{kind}', hour, channel, {name}, count(*) FROM ({source}) one WHERE {where}"
    return Part("hour_tally", key, ("count",), f"{select} GROUP BY hour, channel, {name}")


TALLIES: Final = (
    _tally("reason", "reason", _HANDED),
    _tally("intent", "intent", _SAID, "intent <> ''"),
    _tally("short", "product_id::text", _SAID, "short AND product_id IS NOT NULL"),
)
_COSTS: Final = "replies tokens_in tokens_out cost_micros"
_SPENT: Final = "count(*), sum(tokens_in), sum(tokens_out), sum(cost_micros)"
_SCORED: Final = "count(score), coalesce(sum(score), 0), count(*) FILTER (WHERE is_successful)"
DAYS: Final = (
    Part(
        "tokens_cost",
        ("day", "channel", "intent", "provider", "model"),
        tuple(_COSTS.split()),
        f"$5::date, channel, intent, provider, model, {_SPENT} FROM ({_SAID}) one"
        " GROUP BY channel, intent, provider, model",
    ),
    Part(
        "customer_day",
        ("day", "customer_id", "channel"),
        (*_COSTS.split(), "sessions", "scored", "score_sum", "successes"),
        f"$5::date, customer_id, channel, {_SPENT}, count(DISTINCT conversation_id), {_SCORED}"
        f" FROM ({_SAID}) one WHERE customer_id IS NOT NULL GROUP BY customer_id, channel",
    ),
)
HEALTH: Final = """
INSERT INTO analytics.user_health AS old (shop_id, customer_id, sessions, days, replies,
    cost_micros, scored, score_sum, successes, first_day, last_day)
SELECT $1::uuid, customer_id, sum(sessions), count(DISTINCT day), sum(replies), sum(cost_micros),
       sum(scored), sum(score_sum), sum(successes), min(day), max(day)
FROM analytics.customer_day WHERE shop_id = $1 AND customer_id = ANY ($2::uuid[])
GROUP BY customer_id
ON CONFLICT (shop_id, customer_id) DO UPDATE SET sessions = excluded.sessions,
    days = excluded.days, replies = excluded.replies, cost_micros = excluded.cost_micros,
    scored = excluded.scored, score_sum = excluded.score_sum, successes = excluded.successes,
    first_day = excluded.first_day, last_day = excluded.last_day
"""
GONE: Final = "DELETE FROM analytics.user_health WHERE shop_id = $1 AND customer_id = ANY ($2)"
SEEN: Final = "SELECT customer_id FROM analytics.customer_day WHERE shop_id = $1 AND day = $2"
EMPTY_HOURS: Final = (
    "DELETE FROM analytics.hour_fact WHERE shop_id = $1 AND hour >= $2 AND hour < $3",
    "DELETE FROM analytics.hour_tally WHERE shop_id = $1 AND hour >= $2 AND hour < $3",
)
_COUNTED: Final = (
    "day_fact day_tally tokens_cost customer_day sense_cost learning_cost customer_sense"
)
EMPTY_DAYS: Final = tuple(
    f"DELETE FROM analytics.{table} WHERE shop_id = $1 AND day = $2"  # noqa: S608  our own text
    for table in _COUNTED.split()
)


@dataclass(frozen=True, slots=True)
class DayOf:
    """A day of one shop, by the clock of `zone`: from `began` and before `ended`."""

    shop: UUID
    day: date
    began: datetime
    ended: datetime
    zone: str

    @property
    def bound(self) -> tuple[Any, ...]:
        return self.shop, self.began, self.ended, self.zone


async def recount(connection: BatchConnection, one: DayOf, paid: list[str]) -> None:
    """In the transaction of the caller. `paid` are the providers that cost money."""
    before = {row[0] for row in await connection.fetch(SEEN, one.shop, one.day)}
    for query in EMPTY_HOURS:
        await connection.execute(query, one.shop, one.began, one.ended)
    for query in EMPTY_DAYS:
        await connection.execute(query, one.shop, one.day)
    await connection.execute(HOURS[0].sql, *one.bound, paid)
    for part in (*HOURS[1:], *TALLIES):
        await connection.execute(part.sql, *one.bound)
    await connection.execute(gathering.FACTS, one.shop, one.began, one.ended, one.day, one.zone)
    await connection.execute(gathering.TALLIES, one.shop, one.began, one.ended, one.day)
    for part in DAYS:
        await connection.execute(part.sql, *one.bound, one.day)
    for query in (senses.COUNTED, expenses.LEARNED, expenses.SENSED):
        await connection.execute(query, one.shop, one.began, one.ended, one.day)
    after = {row[0] for row in await connection.fetch(SEEN, one.shop, one.day)}
    await connection.execute(GONE, one.shop, list(before - after))
    await connection.execute(HEALTH, one.shop, list(before | after))
