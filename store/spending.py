"""Reads what was spent on some days, of `analytics.spending`: every sum of a cost is of it.

Asked inside a shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from store.expenses import LEARNING
from store.reckoning import DAYS, Bucket, Scope, asked

Group: TypeAlias = Literal["intent", "channel", "model", "provider", "customer", "shop"]
NOBODY: Final = "nobody"
"""What is of no customer any more, or never was known to be."""
_TAKEN: Final = ("tokens_in", "tokens_out", "cost_micros")
_SUMS: Final = """
sum(tokens_in)::bigint AS tokens_in, sum(tokens_out)::bigint AS tokens_out,
sum(cost_micros)::bigint AS cost_micros
"""
_REPLIES: Final = "coalesce(sum(times) FILTER (WHERE kind = 'answer'), 0)::bigint AS replies"
_APART: Final[Mapping[str, str]] = {
    "intent": "kind <> 'answer'",
    **dict.fromkeys(("channel", "model", "provider"), f"kind IN {LEARNING}"),
    "shop": "false",
}
"""What has no such thing is told by its kind; everything is of a shop."""
_COLUMN: Final[Mapping[str, str]] = {"shop": "shop_id::text"}
_OF_CUSTOMERS: Final = """
SELECT customer_id, replies, tokens_in, tokens_out, cost_micros FROM analytics.customer_day
WHERE shop_id = :shop AND day BETWEEN :first AND :last {channel}
UNION ALL
SELECT customer_id, 0, tokens_in, tokens_out, cost_micros FROM analytics.customer_sense
WHERE shop_id = :shop AND day BETWEEN :first AND :last {channel}
"""
_PERSON: Final = "sum(replies)::bigint AS replies, " + _SUMS
_ALL: Final = ", ".join(f"sum({name})::bigint AS all_{name}" for name in ("replies", *_TAKEN))
# Whoever was merged into somebody is counted there; they are few, so that only they are looked up.
_CUSTOMERS: Final = f"""
WITH person AS MATERIALIZED (
  SELECT coalesce(c.merged_into, one.customer_id) AS id, {_PERSON} FROM ({_OF_CUSTOMERS}) one
  LEFT JOIN app.customer c
    ON c.shop_id = :shop AND c.id = one.customer_id AND c.merged_into IS NOT NULL
  GROUP BY 1)
SELECT dearest.id::text AS name, '' AS kind, called.name AS called, rows, replies, tokens_in,
       tokens_out, cost_micros, {", ".join(f"all_{name}" for name in ("replies", *_TAKEN))}
FROM (SELECT * FROM person ORDER BY cost_micros DESC, replies DESC, id LIMIT :limit) dearest
CROSS JOIN (SELECT count(*) AS rows, {_ALL} FROM person) every
JOIN app.customer called ON called.shop_id = :shop AND called.id = dearest.id
ORDER BY cost_micros DESC, replies DESC, dearest.id
"""  # noqa: S608  our own text
_BEYOND: Final = text("""
SELECT count(*) FROM (
  SELECT customer_id FROM (
    SELECT customer_id, cost_micros FROM analytics.customer_day WHERE shop_id = :shop AND day = :day
    UNION ALL SELECT customer_id, cost_micros FROM analytics.customer_sense
    WHERE shop_id = :shop AND day = :day
  ) one GROUP BY customer_id HAVING sum(cost_micros) >= :cap
) dear
""")


async def kinds(session: AsyncSession, scope: Scope) -> dict[str, dict[str, int]]:
    """What was spent on answers, on voice notes and so on; hours of the week cannot be told
    apart, and what is of no network is not of a chosen one."""
    where, given = scope.days_where()
    query = (
        "SELECT kind, sum(times)::bigint AS times, sum(unpriced)::bigint AS unpriced,"  # noqa: S608
        f" {_SUMS} FROM analytics.spending {where} GROUP BY kind ORDER BY kind"
    )
    return {row.pop("kind"): row for row in await asked(session, query, given)}


async def total(session: AsyncSession, scope: Scope) -> int:
    """Millionths of a dollar of everything."""
    return sum(one["cost_micros"] for one in (await kinds(session, scope)).values())


async def daily(session: AsyncSession, scope: Scope) -> dict[date, int]:
    """Millionths of a dollar of each day on which something was spent."""
    where, given = scope.days_where()
    query = (
        "SELECT day, sum(cost_micros)::bigint AS micros"  # noqa: S608  our own text
        f" FROM analytics.spending {where} GROUP BY day ORDER BY day"
    )
    return {row["day"]: row["micros"] for row in await asked(session, query, given)}


async def costs(
    session: AsyncSession, scope: Scope, group: Group, limit: int
) -> list[dict[str, Any]]:
    """What each intent, network, model, provider, customer or shop took, the dearest first, and by
    its `kind` what has none of these: together they are everything. `rows` says how many there are
    in all. Customers have their id and, where it is known, `called`."""
    if group == "customer":
        return await _by_customer(session, scope, limit)
    where, given = scope.days_where()
    query = (
        f"SELECT CASE WHEN {_APART[group]} THEN ''"  # noqa: S608  our own text
        f" ELSE {_COLUMN.get(group, group)} END AS name,"
        f" CASE WHEN {_APART[group]} THEN kind ELSE '' END AS kind, count(*) OVER () AS rows,"
        f" {_REPLIES}, {_SUMS} FROM analytics.spending {where} GROUP BY 1, 2"
        " ORDER BY cost_micros DESC, replies DESC, 1, 2 LIMIT :limit"
    )
    return await asked(session, query, given | {"limit": limit})


async def by_day(
    session: AsyncSession, scope: Scope, group: Group, bucket: Bucket
) -> list[dict[str, Any]]:
    """Millionths of a dollar of each day and name, or kind; of customers by provider."""
    where, given = scope.days_where()
    column = "provider" if group == "customer" else group
    query = (
        f"SELECT {DAYS[bucket]} AS day, CASE WHEN {_APART[column]} THEN kind"  # noqa: S608
        f" ELSE {_COLUMN.get(column, column)} END AS name, sum(cost_micros)::bigint AS micros"
        f" FROM analytics.spending {where} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return await asked(session, query, given)


async def answers(session: AsyncSession, scope: Scope) -> list[dict[str, Any]]:
    """Of each provider what its answers took."""
    where, given = scope.days_where()
    query = (
        f"SELECT provider, {_SUMS} FROM analytics.spending {where} AND kind = 'answer'"  # noqa: S608
        " GROUP BY provider ORDER BY provider"
    )
    return await asked(session, query, given)


async def beyond(session: AsyncSession, shop: UUID, day: date, cap: int) -> int:
    """Customers who cost so much that day."""
    given = {"shop": shop, "day": day, "cap": cap}
    return int(await session.scalar(_BEYOND, given) or 0)


async def _by_customer(session: AsyncSession, scope: Scope, limit: int) -> list[dict[str, Any]]:
    channel = "AND channel = :channel" if scope.channel is not None else ""
    given = scope.given(first=scope.first, last=scope.last)
    query = _CUSTOMERS.format(channel=channel)
    rows = await asked(session, query, given | {"limit": limit})
    known = {name: rows[0][f"all_{name}"] if rows else 0 for name in ("replies", *_TAKEN)}
    apart = _of_nobody(await kinds(session, scope), known)
    count = (rows[0]["rows"] if rows else 0) + len(apart)
    found = rows + apart
    found.sort(key=lambda row: -row["cost_micros"])
    return [row | {"rows": count} for row in found]


def _of_nobody(
    spent: Mapping[str, Mapping[str, int]], known: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Learning, and what is left when all customers are taken away."""
    talks = [one for kind, one in spent.items() if kind not in LEARNING]
    left = {name: sum(one[name] for one in talks) - known[name] for name in _TAKEN}
    left["replies"] = spent.get("answer", {}).get("times", 0) - known["replies"]
    blank = {"name": "", "called": None}
    rows: list[dict[str, Any]] = [
        blank | {"kind": kind, "replies": 0} | {name: spent[kind][name] for name in _TAKEN}
        for kind in spent
        if kind in LEARNING
    ]
    return [*rows, blank | {"kind": NOBODY} | left] if any(left.values()) else rows
