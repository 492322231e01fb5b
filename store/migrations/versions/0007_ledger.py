"""What people confirmed of their own money: entries, budgets and goals."""

from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

from store.migrations.tenancy import confine

revision = "0007"
down_revision = "0006"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = ("ledger_entry", "budget", "goal")
Item: TypeAlias = "sa.Column[Any] | sa.Constraint"


def upgrade() -> None:
    _entries()
    op.create_table(
        "budget",
        *_owned(
            sa.Column("category", sa.Text(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
            sa.Column("currency", sa.Text(), nullable=False),
            sa.Column("period", sa.Text(), server_default="month", nullable=False),
            sa.Column("from_day", sa.Date(), nullable=False),
            sa.CheckConstraint("period IN ('month', 'week')", name="period"),
        ),
        schema=SCHEMA,
    )
    op.create_index(
        None, "budget", ["shop_id", "customer_id", "category", "created_at"], schema=SCHEMA
    )
    op.create_table(
        "goal",
        *_owned(
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
            sa.Column("currency", sa.Text(), nullable=False),
            sa.Column("by_day", sa.Date()),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "goal", ["shop_id", "customer_id", "created_at"], schema=SCHEMA)
    confine(SCHEMA, *TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _entries() -> None:
    op.create_table(
        "ledger_entry",
        *_owned(
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
            sa.Column("currency", sa.Text(), nullable=False),
            sa.Column("category", sa.Text(), nullable=False),
            sa.Column("account", sa.Text()),
            sa.Column("on_day", sa.Date(), nullable=False),
            sa.Column("note", sa.Text(), server_default="", nullable=False),
            sa.Column("cancelled_at", MOMENT),
            sa.CheckConstraint("kind IN ('expense', 'income')", name="kind"),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "ledger_entry", ["shop_id", "customer_id", "on_day"], schema=SCHEMA)
    op.create_index(
        "ix_ledger_entry_latest",
        "ledger_entry",
        ["shop_id", "customer_id", "created_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def _owned(*columns: Item) -> tuple[Item, ...]:
    return (
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("turn_id", sa.Uuid()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
