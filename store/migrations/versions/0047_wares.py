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
    op.execute(NAMED)
    # As for another time zone: every day is counted again, with what it had not.
    op.execute("UPDATE analytics.rollup SET zone = ''")


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
