"""The app schema: shops, customers, what was said, products, jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.migrations.tenancy import confine, open_schema

revision = "0001"
down_revision = None

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = (
    "shop",
    "customer",
    "event_log",
    "job_run",
    "product",
    "conversation",
    "customer_alias",
    "message",
    "delivery",
)


def upgrade() -> None:
    open_schema(SCHEMA)
    _shop()
    _customer()
    _event_log()
    _job_run()
    _product()
    _conversation()
    _customer_alias()
    _message()
    _delivery()
    confine(SCHEMA, "shop", shop="id")
    confine(SCHEMA, *TABLES[1:])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _shop() -> None:
    op.create_table(
        "shop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="CLP", nullable=False),
        sa.Column("locale", sa.Text(), server_default="es", nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema=SCHEMA,
    )


def _customer() -> None:
    op.create_table(
        "customer",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("locale", sa.Text()),
        sa.Column("intensity", sa.Double(), server_default=sa.text("0.5"), nullable=False),
        sa.Column("tone", sa.Text(), server_default="neutral", nullable=False),
        sa.Column("no_training", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("tone IN ('coach', 'neutral', 'formal')", name="tone"),
        sa.CheckConstraint("intensity BETWEEN 0 AND 1", name="intensity"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )


def _event_log() -> None:
    op.create_table(
        "event_log",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "reply_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "event_log", ["shop_id", "created_at"], schema=SCHEMA)


def _job_run() -> None:
    op.create_table(
        "job_run",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("offered_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("error", sa.Text()),
        sa.Column("result", JSONB()),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "name", "period"),
        schema=SCHEMA,
    )


def _product() -> None:
    op.create_table(
        "product",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("keywords", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("photo", sa.Text()),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("price >= 0", name="price"),
        sa.CheckConstraint("stock >= 0", name="stock"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.UniqueConstraint("shop_id", "sku"),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text()),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "conversation", ["shop_id", "customer_id"], schema=SCHEMA)
    op.create_index(None, "conversation", ["shop_id", "last_at"], schema=SCHEMA)


def _customer_alias() -> None:
    op.create_table(
        "customer_alias",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "channel", "external_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "customer_alias", ["shop_id", "customer_id"], schema=SCHEMA)


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text()),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("edited_position", sa.BigInteger()),
        sa.Column("deleted_at", MOMENT),
        sa.Column("raw", sa.Text()),
        sa.Column("masks", JSONB()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "conversation_id"], ["app.conversation.shop_id", "app.conversation.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(
        None,
        "message",
        ["shop_id", "conversation_id", "platform_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("platform_id IS NOT NULL"),
    )
    op.create_index(None, "message", ["shop_id", "conversation_id", "position"], schema=SCHEMA)


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("platform_ids", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('dispatched', 'sent', 'uncertain', 'failed')", name="state"),
        sa.ForeignKeyConstraint(
            ["shop_id", "message_id"], ["app.message.shop_id", "app.message.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "message_id"),
        schema=SCHEMA,
    )
