"""The networks: accounts, how far messages got, reactions, people who turn out to be one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.roles import WEB
from store.migrations.tenancy import confine

revision = "0004"
down_revision = "0003"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = ("channel_account", "customer_merge", "delivery_part", "reaction", "withheld")
STATES = "state IN ('dispatched', 'sent', 'uncertain', 'failed')"
FURTHER = (
    "state IN ('dispatched', 'uncertain', 'withheld', 'accepted', 'sent', 'delivered', 'read',"
    " 'failed')"
)
TAKEN_BACK = "ix_message_shop_id_conversation_id_deleted_at"
OPEN_COLUMNS = "shop_id, account, network, name, options, enabled, created_at, updated_at"
TO_CUSTOMER = ["app.customer.shop_id", "app.customer.id"]
TO_CONVERSATION = ["app.conversation.shop_id", "app.conversation.id"]


def upgrade() -> None:
    _people()
    _message()
    _delivery()
    _channel_account()
    _customer_merge()
    _delivery_part()
    _reaction()
    _withheld()
    confine(SCHEMA, *TABLES)
    # A page may store a secret and use what stands beside it; it can never show one.
    op.execute(f"REVOKE SELECT ON app.channel_account FROM {WEB}")  # noqa: S608  ours
    op.execute(f"GRANT SELECT ({OPEN_COLUMNS}) ON app.channel_account TO {WEB}")


def downgrade() -> None:
    """States that the older schema has no word for become the nearest one it has."""
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_constraint(op.f("ck_delivery_state"), "delivery", schema=SCHEMA)
    op.execute("UPDATE app.delivery SET state = 'sent' WHERE state IN ('delivered', 'read')")
    op.execute("UPDATE app.delivery SET state = 'uncertain' WHERE state = 'accepted'")
    op.execute("UPDATE app.delivery SET state = 'failed' WHERE state = 'withheld'")
    op.create_check_constraint(op.f("ck_delivery_state"), "delivery", STATES, schema=SCHEMA)
    op.drop_index(op.f(TAKEN_BACK), "message", schema=SCHEMA)
    for column in ("parts", "told"):
        op.drop_column("delivery", column, schema=SCHEMA)
    for column in ("reachable_position", "unreachable_at", "reachable"):
        op.drop_column("conversation", column, schema=SCHEMA)
    op.drop_column("customer", "merged_into", schema=SCHEMA)


def _people() -> None:
    op.add_column("customer", sa.Column("merged_into", sa.Uuid()), schema=SCHEMA)
    op.create_foreign_key(
        None, "customer", "customer", ["shop_id", "merged_into"], ["shop_id", "id"],
        source_schema=SCHEMA, referent_schema=SCHEMA,
    )  # fmt: skip
    op.create_index(
        None,
        "customer",
        ["shop_id", "merged_into"],
        schema=SCHEMA,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    for column in (
        sa.Column("reachable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("unreachable_at", MOMENT),
        sa.Column("reachable_position", sa.BigInteger()),
    ):
        op.add_column("conversation", column, schema=SCHEMA)


def _message() -> None:
    op.create_index(
        op.f(TAKEN_BACK),
        "message",
        ["shop_id", "conversation_id", "deleted_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def _delivery() -> None:
    for column in (
        sa.Column("told", sa.Text(), server_default="dispatched", nullable=False),
        sa.Column("parts", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
    ):
        op.add_column("delivery", column, schema=SCHEMA)
    op.execute("UPDATE app.delivery SET told = state")
    op.drop_constraint(op.f("ck_delivery_state"), "delivery", schema=SCHEMA)
    op.create_check_constraint(op.f("ck_delivery_state"), "delivery", FURTHER, schema=SCHEMA)


def _channel_account() -> None:
    op.create_table(
        "channel_account",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("options", JSONB(), server_default="{}", nullable=False),
        sa.Column("secrets", sa.LargeBinary()),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.UniqueConstraint("account"),
        sa.PrimaryKeyConstraint("shop_id", "account"),
        schema=SCHEMA,
    )


def _customer_merge() -> None:
    op.create_table(
        "customer_merge",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "merged_id"], TO_CUSTOMER),
        sa.ForeignKeyConstraint(["shop_id", "kept_id"], TO_CUSTOMER),
        sa.PrimaryKeyConstraint("shop_id", "merged_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "customer_merge", ["shop_id", "kept_id"], schema=SCHEMA)


def _delivery_part() -> None:
    op.create_table(
        "delivery_part",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("reply_id", sa.Uuid()),
        sa.Column("part", sa.SmallInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('sent', 'delivered', 'read', 'failed')", name="state"),
        sa.ForeignKeyConstraint(["shop_id", "conversation_id"], TO_CONVERSATION),
        sa.PrimaryKeyConstraint("shop_id", "conversation_id", "platform_id"),
        schema=SCHEMA,
    )
    op.create_index(
        None,
        "delivery_part",
        ["shop_id", "reply_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("reply_id IS NOT NULL"),
    )


def _reaction() -> None:
    op.create_table(
        "reaction",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "conversation_id"], TO_CONVERSATION),
        sa.PrimaryKeyConstraint("shop_id", "conversation_id", "platform_id", "sender"),
        schema=SCHEMA,
    )


def _withheld() -> None:
    op.create_table(
        "withheld",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "conversation_id"], TO_CONVERSATION),
        sa.PrimaryKeyConstraint("shop_id", "reply_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "withheld", ["shop_id", "at"], schema=SCHEMA)
