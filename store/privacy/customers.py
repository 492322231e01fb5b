"""Customers as the shop's people look for them: whoever spoke last first, and one of them whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, text

from store.session import ReadSession

PAGE: Final = 25
MOST: Final = 500
LOOKED_AT: Final = 200
"""Of each customer so many answers at most are counted: a page must not grow with their history."""

# Each person stands where they spoke last, once; nobody ever spoke at the epoch.
# Sessions are six hours apart.
_PAGE: Final = """
SELECT c.id, c.name, c.intensity, c.tone, c.locale, c.no_training, c.restricted_at,
       newest.last_at, newest.account, newest.chat, newest.id AS talk
FROM app.conversation newest
JOIN app.customer c ON c.shop_id = newest.shop_id AND c.id = newest.customer_id
WHERE newest.shop_id = :shop
  AND (CAST(:at AS timestamptz) IS NULL OR (newest.last_at, newest.id) < (:at, CAST(:id AS uuid)))
  AND newest.id = (SELECT other.id FROM app.conversation other
      WHERE other.shop_id = newest.shop_id AND other.customer_id = newest.customer_id
        AND other.chat <> '' ORDER BY other.last_at DESC, other.id DESC LIMIT 1)
  AND newest.chat <> '' AND newest.last_at > 'epoch' {only}
ORDER BY newest.last_at DESC, newest.id DESC LIMIT :limit
"""
_NAMED: Final = """
    SELECT coalesce(n.merged_into, n.id) AS id FROM app.customer n
    WHERE n.shop_id = :shop AND lower(n.name) LIKE :prefix
    UNION SELECT a.customer_id FROM app.customer_alias a
    WHERE a.shop_id = :shop AND a.external_id LIKE :prefix
"""
_FOUND: Final = f"""
  AND newest.customer_id IN ({_NAMED})
"""
_HABITS: Final = """
WITH lately AS (
  SELECT who.id, t.category, t.dispatched_at, t.is_successful
  FROM unnest(CAST(:ids AS uuid[])) AS who(id)
  JOIN app.conversation talk ON talk.shop_id = :shop AND talk.customer_id = who.id
  CROSS JOIN LATERAL (
    SELECT category, dispatched_at, is_successful FROM ml.training_data one
    WHERE one.shop_id = talk.shop_id AND one.conversation_id = talk.id
    ORDER BY one.position DESC LIMIT :most) t
), apart AS (
  SELECT id, dispatched_at - lag(dispatched_at) OVER (PARTITION BY id ORDER BY dispatched_at)
      > interval '6 hours' AS begins FROM lately
), sessions AS (
  SELECT id, count(*) FILTER (WHERE begins) + 1 AS sessions, count(*) AS answers
  FROM apart GROUP BY id
), topics AS (
  SELECT id, array_agg(category ORDER BY times DESC, category) AS categories FROM (
    SELECT id, category, count(*) AS times FROM lately GROUP BY id, category) t GROUP BY id
)
SELECT s.id, s.sessions, s.answers, t.categories[1:3] AS categories
FROM sessions s JOIN topics t ON t.id = s.id
"""
_BOUGHT: Final = """
SELECT id, state, total, currency, created_at, paid_at FROM app.orders
WHERE shop_id = :shop AND customer_id = ANY(CAST(:ids AS uuid[]))
ORDER BY created_at DESC LIMIT 20
"""
_BUDGETS: Final = """
WITH held AS (
  SELECT DISTINCT ON (customer_id, category) customer_id, category, amount FROM app.budget
  WHERE shop_id = :shop AND customer_id = ANY(CAST(:ids AS uuid[])) AND period = 'month'
    AND from_day <= :today
  ORDER BY customer_id, category, from_day DESC
), spent AS (
  SELECT h.customer_id, h.category, coalesce(sum(e.amount), 0) AS amount FROM held h
  LEFT JOIN app.ledger_entry e ON e.shop_id = :shop AND e.customer_id = h.customer_id
    AND e.category = h.category AND e.kind = 'expense' AND e.cancelled_at IS NULL
    AND e.on_day BETWEEN date_trunc('month', CAST(:today AS date)) AND :today
  GROUP BY h.customer_id, h.category
)
SELECT h.customer_id AS id, sum(s.amount)::float8 / nullif(sum(h.amount), 0) AS used
FROM held h JOIN spent s ON s.customer_id = h.customer_id AND s.category = h.category
GROUP BY h.customer_id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ended."""

    at: datetime
    id: UUID


async def page(
    session: ReadSession, shop: UUID, sought: str = "", after: Place | None = None
) -> Sequence[RowMapping]:
    """One more than a page where there is a next one. Names are found by how they begin."""
    values: dict[str, object] = {
        "shop": shop,
        "at": after.at if after else None,
        "id": after.id if after else None,
        "limit": PAGE + 1,
    }
    if sought:
        values["prefix"] = _like(sought.strip().lower())
    query = text(_PAGE.format(only=_FOUND if sought else ""))
    return (await session.execute(query, values)).mappings().all()


async def named(session: ReadSession, shop: UUID, sought: str) -> Sequence[UUID]:
    """Whose name, or whose name on a network, begins so; as many as anybody looks through."""
    values = {"shop": shop, "prefix": _like(sought.strip().lower()), "most": MOST}
    return (await session.scalars(text(f"{_NAMED} LIMIT :most"), values)).all()


async def habits(session: ReadSession, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, RowMapping]:
    """Sessions, answers and what was most spoken of, of the last answers in each conversation."""
    values = {"shop": shop, "ids": list(ids), "most": LOOKED_AT}
    found = (await session.execute(text(_HABITS), values)).mappings()
    return {row["id"]: row for row in found}


async def bought(session: ReadSession, shop: UUID, ids: Sequence[UUID]) -> Sequence[RowMapping]:
    values = {"shop": shop, "ids": list(ids)}
    return (await session.execute(text(_BOUGHT), values)).mappings().all()


async def budgets(
    session: ReadSession, shop: UUID, ids: Sequence[UUID], today: object
) -> dict[UUID, float]:
    """How much of this month's budgets is spent; 1 is all of it."""
    values = {"shop": shop, "ids": list(ids), "today": today}
    found = (await session.execute(text(_BUDGETS), values)).mappings()
    return {row["id"]: row["used"] for row in found if row["used"] is not None}


def _like(text_: str) -> str:
    for sign in ("\\", "%", "_"):
        text_ = text_.replace(sign, f"\\{sign}")
    return f"{text_}%"
