"""What a shop's days came to, the reports made of them, and orders found by when they were paid."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0020"
down_revision = "0019"

SCHEMA = "analytics"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
NUMBERS = "replies conversations scored score_sum successes no_answers local tokens_in tokens_out"
MONEY = "orders orders_sum paid paid_sum paid_led paid_led_sum"
REST = "hand_overs ratings bad_ratings corrections good"
LARGE = {"tokens_in", "tokens_out"}


def upgrade() -> None:
    _days()
    _reports()
    confine(SCHEMA, "daily_fact", "report")
    for column in ("confirmed_at", "paid_at"):
        some = sa.text(f"{column} IS NOT NULL")
        columns = ["shop_id", column]
        op.create_index(None, "orders", columns, schema="app", postgresql_where=some)


def downgrade() -> None:
    for column in ("paid_at", "confirmed_at"):
        op.drop_index(f"ix_orders_shop_id_{column}", "orders", schema="app")
    for table in ("report", "daily_fact"):
        op.drop_table(table, schema=SCHEMA)


def _days() -> None:
    op.create_table(
        "daily_fact",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        *_counts(NUMBERS),
        sa.Column("p50_ms", sa.Double()),
        sa.Column("p95_ms", sa.Double()),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("costs", JSONB(), nullable=False),
        *_counts(MONEY),
        *_counts(REST),
        sa.Column("refused", JSONB(), nullable=False),
        sa.Column("computed_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "day"),
        schema=SCHEMA,
    )


def _counts(names: str) -> list[sa.Column[int]]:
    return [
        sa.Column(name, sa.BigInteger() if is_large(name) else sa.Integer(), nullable=False)
        for name in names.split()
    ]


def is_large(name: str) -> bool:
    return name in LARGE or name.endswith("_sum")


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.Column("asked_by", sa.Text()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("told", JSONB(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "period"),
        schema=SCHEMA,
    )
    waiting = sa.text("told_at IS NULL")
    op.create_index(
        "ix_report_waiting", "report", ["shop_id"], schema=SCHEMA, postgresql_where=waiting
    )
