"""How often each product was named and sold in a day, and what that comes to now."""

import sqlalchemy as sa
from alembic import op

from store.migrations.tenancy import confine

revision = "0047"
down_revision = "0046"

SCHEMA = "analytics"
# Replies of before this revision did not write down which products they named: of those that may
# still be counted, the ones whose text holds the name of a product that they rest on.
NAMED = """
UPDATE ml.training_data t
SET context = t.context || jsonb_build_object('named', found.ids)
FROM (
  SELECT r.shop_id, r.id, jsonb_agg(DISTINCT used ->> 'id') AS ids
  FROM ml.training_data r
  CROSS JOIN LATERAL jsonb_array_elements(r.context -> 'sources') used
  JOIN app.product p ON p.shop_id = r.shop_id AND p.id::text = used ->> 'id'
  WHERE r.created_at >= now() - interval '31 days' AND r.author = 'bot'
    AND r.context @> '{"sources": [{"kind": "product"}]}'
    AND strpos(lower(r.bot_response), lower(used ->> 'title')) > 0
  GROUP BY r.shop_id, r.id
) found
WHERE t.shop_id = found.shop_id AND t.id = found.id AND NOT t.context ? 'named'
"""
# A shop without a clock is counted anew as a whole.
COUNTED = """
INSERT INTO analytics.product_day (shop_id, product_id, day, replies, sales)
SELECT one.shop_id, p.id, (one.at AT TIME ZONE r.zone)::date,
       count(*) FILTER (WHERE NOT one.sold), count(*) FILTER (WHERE one.sold)
FROM (
  SELECT e.shop_id, e.created_at AS at, named.id::uuid AS product_id, false AS sold
  FROM app.event_log e
  JOIN ml.training_data t ON t.shop_id = e.shop_id AND t.id = e.reply_id
  CROSS JOIN LATERAL (SELECT DISTINCT jsonb_array_elements_text(t.context -> 'named') AS id) named
  WHERE e.created_at >= now() - interval '31 days'
  UNION ALL
  SELECT o.shop_id, o.paid_at, line.product_id, true
  FROM app.orders o
  CROSS JOIN LATERAL (
    SELECT DISTINCT l.product_id FROM app.order_line l
    WHERE l.shop_id = o.shop_id AND l.order_id = o.id
  ) line
  WHERE o.paid_at IS NOT NULL AND o.state = 'paid'
) one
JOIN analytics.rollup r ON r.shop_id = one.shop_id AND r.zone <> ''
JOIN app.product p ON p.shop_id = one.shop_id AND p.id = one.product_id
GROUP BY 1, 2, 3
"""
STANDING = """
INSERT INTO analytics.product_standing (shop_id, product_id, named, sold_on)
SELECT d.shop_id, d.product_id, coalesce(sum(d.replies) FILTER (WHERE d.day > r.counted - 30), 0),
       max(d.day) FILTER (WHERE d.sales > 0)
FROM analytics.product_day d JOIN analytics.rollup r ON r.shop_id = d.shop_id
GROUP BY 1, 2
"""


def upgrade() -> None:
    _table(
        "product_day",
        sa.Column("day", sa.Date(), nullable=False),
        _count("replies"),
        _count("sales"),
        key=("shop_id", "product_id", "day"),
    )
    op.create_index(None, "product_day", ["shop_id", "day"], schema=SCHEMA)
    op.create_index(
        "ix_product_day_sold",
        "product_day",
        ["shop_id", "product_id", "day"],
        schema=SCHEMA,
        postgresql_where=sa.text("sales > 0"),
    )
    _table(
        "product_standing",
        _count("named"),
        sa.Column("sold_on", sa.Date()),
        key=("shop_id", "product_id"),
    )
    confine(SCHEMA, "product_day", "product_standing")
    for statement in (NAMED, COUNTED, STANDING):
        op.execute(statement)


def downgrade() -> None:
    for table in ("product_standing", "product_day"):
        op.drop_table(table, schema=SCHEMA)


def _table(name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["shop_id", "product_id"], ["app.product.shop_id", "app.product.id"]
        ),
        sa.PrimaryKeyConstraint(*key),
        schema=SCHEMA,
    )


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
