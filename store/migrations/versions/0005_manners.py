"""Who has the word, what files say, orders, and what is written first."""

from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.tenancy import confine

revision = "0005"
down_revision = "0004"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = ("orders", "order_line", "media_file", "hand_over", "broadcast", "broadcast_target")
ORDER_STATES = (
    "state IN ('draft', 'confirmed', 'receipt', 'paid', 'rejected', 'cancelled', 'expired')"
)
Item: TypeAlias = "sa.Column[Any] | sa.Constraint"
TO = {
    name: [f"app.{name}.shop_id", f"app.{name}.id"]
    for name in ("customer", "conversation", "message", "product", "orders", "broadcast")
}


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column, schema=SCHEMA)
    op.create_index(
        "ix_message_written_first",
        "message",
        ["shop_id", "at"],
        schema=SCHEMA,
        postgresql_where=sa.text("purpose IN ('follow_up', 'broadcast')"),
    )
    op.create_index(None, "withheld", ["shop_id", "conversation_id", "at"], schema=SCHEMA)
    _orders()
    _media_file()
    _hand_over()
    _broadcast()
    confine(SCHEMA, *TABLES)
    op.add_column("training_data", sa.Column("order_id", sa.Uuid()), schema="ml")
    op.create_foreign_key(
        None, "training_data", "orders", ["shop_id", "order_id"], ["shop_id", "id"],
        source_schema="ml", referent_schema=SCHEMA,
    )  # fmt: skip
    op.create_index(
        None,
        "training_data",
        ["shop_id", "order_id"],
        schema="ml",
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_withheld_shop_id_conversation_id_at", table_name="withheld", schema=SCHEMA)
    op.drop_column("training_data", "order_id", schema="ml")
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    for table, columns in _added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name, schema=SCHEMA)


def _added() -> dict[str, tuple["sa.Column[Any]", ...]]:
    return {
        "customer": (sa.Column("opted_out_at", MOMENT),),
        "conversation": (
            sa.Column("silenced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
            sa.Column("silenced_until", MOMENT),
            sa.Column("silenced_by", sa.Text()),
            sa.Column("silenced_position", sa.BigInteger()),
        ),
        "message": (
            sa.Column("purpose", sa.Text(), server_default="answer", nullable=False),
            sa.Column("reading", sa.Text()),
            sa.Column("reading_confidence", sa.Float()),
            sa.Column("reading_problem", sa.Text()),
        ),
        "event_log": (
            sa.Column("cost_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        ),
    }


def _owned(*columns: Item) -> tuple[Item, ...]:
    return (
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id", column], TO[table])


def _orders() -> None:
    op.create_table(
        "orders",
        *_owned(
            sa.Column("customer_id", sa.Uuid(), nullable=False),
            sa.Column("conversation_id", sa.Uuid(), nullable=False),
            sa.Column("account", sa.Text(), nullable=False),
            sa.Column("chat", sa.Text(), nullable=False),
            sa.Column("state", sa.Text(), nullable=False),
            sa.Column("currency", sa.Text(), nullable=False),
            sa.Column("total", sa.BigInteger(), nullable=False),
            sa.Column("turn_id", sa.Uuid()),
            sa.Column("reply_id", sa.Uuid()),
            sa.Column("receipt_id", sa.Uuid()),
            sa.Column("decided_by", sa.Text()),
            sa.Column("confirmed_at", MOMENT),
            sa.Column("paid_at", MOMENT),
            sa.Column("expires_at", MOMENT),
            sa.Column("updated_at", MOMENT, nullable=False),
            sa.CheckConstraint(ORDER_STATES, name="state"),
            sa.CheckConstraint("total >= 0", name="total"),
            _to("customer", "customer_id"),
            _to("conversation", "conversation_id"),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "orders", ["shop_id", "customer_id"], schema=SCHEMA)
    op.create_index(None, "orders", ["shop_id", "conversation_id", "created_at"], schema=SCHEMA)
    op.create_index(None, "orders", ["shop_id", "state", "updated_at"], schema=SCHEMA)
    op.create_table(
        "order_line",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("price >= 0", name="price"),
        _to("orders", "order_id"),
        _to("product", "product_id"),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "sku"),
        schema=SCHEMA,
    )
    op.create_index(None, "order_line", ["shop_id", "product_id"], schema=SCHEMA)


def _media_file() -> None:
    op.create_table(
        "media_file",
        *_owned(
            sa.Column("message_id", sa.Uuid(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("mime", sa.Text()),
            sa.Column("size", sa.BigInteger()),
            sa.Column("seconds", sa.Integer()),
            sa.Column("sha256", sa.Text()),
            sa.Column("path", sa.Text()),
            _to("message", "message_id"),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "media_file", ["shop_id", "message_id"], schema=SCHEMA)


def _hand_over() -> None:
    op.create_table(
        "hand_over",
        *_owned(
            sa.Column("conversation_id", sa.Uuid(), nullable=False),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("question", sa.Text(), nullable=False),
            sa.Column("summary", ARRAY(sa.Text()), server_default="{}", nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            sa.Column("resolved_at", MOMENT),
            _to("conversation", "conversation_id"),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "hand_over", ["shop_id", "conversation_id", "at"], schema=SCHEMA)
    op.create_index(None, "hand_over", ["shop_id", "at"], schema=SCHEMA)
    op.create_index(
        "ix_hand_over_waiting",
        "hand_over",
        ["shop_id", "conversation_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def _broadcast() -> None:
    op.create_table(
        "broadcast",
        *_owned(
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("account", sa.Text(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("template", sa.Text()),
            sa.Column("state", sa.Text(), server_default="running", nullable=False),
            sa.CheckConstraint("state IN ('running', 'paused', 'done', 'cancelled')", name="state"),
            sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        ),
        schema=SCHEMA,
    )
    op.create_index(None, "broadcast", ["shop_id", "state"], schema=SCHEMA)
    op.create_table(
        "broadcast_target",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text()),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("reply_id", sa.Uuid()),
        sa.Column("at", MOMENT),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'skipped')", name="state"),
        _to("broadcast", "broadcast_id"),
        _to("conversation", "conversation_id"),
        sa.PrimaryKeyConstraint("shop_id", "broadcast_id", "conversation_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "broadcast_target", ["shop_id", "conversation_id"], schema=SCHEMA)
    op.create_index(
        None,
        "broadcast_target",
        ["shop_id", "reply_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("reply_id IS NOT NULL"),
    )
    op.create_index(
        "ix_broadcast_target_waiting",
        "broadcast_target",
        ["shop_id", "broadcast_id", "conversation_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'waiting'"),
    )
