"""The `analytics` schema, continued: how often the bot named a product, and when it last sold.

A day is counted as a whole with the shop's other days (store/recounting.py), from the replies that
left and the orders that were paid in it. What it comes to stands in one row a product, so that no
page adds anything up.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Index,
    Integer,
    PrimaryKeyConstraint,
    and_,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.app import Product
from store.base import Base, points_to
from store.facts import SCHEMA
from store.recounting import DayOf
from store.session import BatchConnection

DAYS: Final = 30
"""Of which replies are told: today and the ones before it."""
UNSOLD: Final = date(1900, 1, 1)
"""Where what never sold stands among the others; nobody is told this day."""

# What a reply named is looked up by its key: statistics of before a table grew would read them all.
_COUNTED: Final = """
INSERT INTO analytics.product_day (shop_id, day, product_id, replies, sales)
SELECT $1::uuid, $4::date, p.id, count(*) FILTER (WHERE NOT one.sold),
       count(*) FILTER (WHERE one.sold)
FROM (
  SELECT named.id::uuid AS id, false AS sold
  FROM app.event_log e
  CROSS JOIN LATERAL (
    SELECT t.context -> 'named' AS ids FROM ml.training_data t
    WHERE t.shop_id = $1 AND t.id = e.reply_id ORDER BY t.id LIMIT 1
  ) said
  CROSS JOIN LATERAL (SELECT DISTINCT jsonb_array_elements_text(said.ids) AS id) named
  WHERE e.shop_id = $1 AND e.created_at >= $2 AND e.created_at < $3
  UNION ALL
  SELECT line.product_id, true
  FROM app.orders o
  CROSS JOIN LATERAL (
    SELECT DISTINCT l.product_id FROM app.order_line l
    WHERE l.shop_id = $1 AND l.order_id = o.id
  ) line
  WHERE o.shop_id = $1 AND o.paid_at >= $2 AND o.paid_at < $3 AND o.state = 'paid'
) one
JOIN app.product p ON p.shop_id = $1 AND p.id = one.id
GROUP BY p.id RETURNING product_id
"""
_EMPTIED: Final = """
DELETE FROM analytics.product_day WHERE shop_id = $1 AND day = $2 RETURNING product_id
"""
_LEFT_BEHIND: Final = """
SELECT product_id FROM analytics.product_day WHERE shop_id = $1 AND day = $2
"""
_STANDING: Final = """
INSERT INTO analytics.product_standing (shop_id, product_id, named, sold_on)
SELECT $1::uuid, one.id, lately.named, sold.day
FROM unnest($2::uuid[]) AS one(id)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(d.replies), 0)::int AS named FROM analytics.product_day d
  WHERE d.shop_id = $1 AND d.product_id = one.id AND d.day > $3::date AND d.day <= $4::date
) lately
LEFT JOIN LATERAL (
  SELECT d.day FROM analytics.product_day d
  WHERE d.shop_id = $1 AND d.product_id = one.id AND d.sales > 0 ORDER BY d.day DESC LIMIT 1
) sold ON true
ON CONFLICT (shop_id, product_id) DO UPDATE SET named = excluded.named, sold_on = excluded.sold_on
"""


class ProductDay(Base):
    """A day of a product: in how many `replies` the bot named it, in how many paid `sales` it
    was. Days in which neither happened have no row."""

    __tablename__ = "product_day"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "product_id", "day"),
        points_to("app.product", "product_id"),
        Index(None, "shop_id", "day"),
        Index(
            "ix_product_day_sold",
            "shop_id",
            "product_id",
            "day",
            postgresql_where=text("sales > 0"),
        ),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    product_id: Mapped[UUID]
    day: Mapped[date]
    replies: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sales: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class ProductStanding(Base):
    """What its days come to: replies of the last DAYS that named it, the day it last sold."""

    __tablename__ = "product_standing"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "product_id"),
        points_to("app.product", "product_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    product_id: Mapped[UUID]
    named: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sold_on: Mapped[date | None]


_PRODUCT: Final = Product.__table__
_OWN: Final = ProductStanding.__table__
_SHELF: Final = (
    select(
        *_PRODUCT.c,
        func.coalesce(_OWN.c.named, 0).label("named"),
        _OWN.c.sold_on,
        func.coalesce(_OWN.c.sold_on, literal(UNSOLD)).label("last_sale"),
    )
    .outerjoin(_OWN, and_(_OWN.c.shop_id == _PRODUCT.c.shop_id, _OWN.c.product_id == _PRODUCT.c.id))
    .subquery("shelf")
)


class Ware(Base):
    """A product with its standing, to be read; `last_sale` orders those that never sold too."""

    __table__ = _SHELF
    __mapper_args__: Any = {"primary_key": [_SHELF.c.shop_id, _SHELF.c.id]}

    shop_id: Mapped[UUID]
    id: Mapped[UUID]
    sku: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    keywords: Mapped[list[str]]
    price: Mapped[int]
    stock: Mapped[int]
    photo: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    named: Mapped[int]
    sold_on: Mapped[date | None]
    last_sale: Mapped[date]


async def count(connection: BatchConnection, one: DayOf, today: date) -> None:
    """In the transaction that counts the day. The one that is told of no more since this one came
    is looked at too: its products have fewer replies now."""
    window = timedelta(DAYS)
    before = await connection.fetch(_EMPTIED, one.shop, one.day)
    after = await connection.fetch(_COUNTED, one.shop, one.began, one.ended, one.day)
    behind = await connection.fetch(_LEFT_BEHIND, one.shop, one.day - window)
    touched = sorted({row["product_id"] for row in (*before, *after, *behind)})
    await connection.execute(_STANDING, one.shop, touched, today - window, today)
