"""What the shop's people note about conversations, and a search of all that was said."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.roles import PIPELINE, WEB
from store.migrations.tenancy import CURRENT_SHOP, confine

revision = "0025"
down_revision = "0027"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
# Row-level security lets no index answer a question that might tell of other shops' rows, and a
# search is one. So it is asked here, by the owner, for the one shop of the transaction. The plan
# is made anew for each word: a rare one is looked up, a common one is soon met going back in time.
SAID = f"""
CREATE FUNCTION app.said(words text, since timestamptz, most int)
RETURNS TABLE (conversation_id uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan AS $$
DECLARE shop uuid := {CURRENT_SHOP};
BEGIN
  RETURN QUERY
  SELECT m.conversation_id, m.at FROM app.message m
  WHERE m.shop_id = shop AND m.at >= since AND m.deleted_at IS NULL
    AND to_tsvector('spanish', m.text) @@ websearch_to_tsquery('spanish', words)
  ORDER BY m.at DESC LIMIT most;
END $$
"""  # noqa: S608  the shop is what the transaction says


def upgrade() -> None:
    _states()
    _notes()
    _canned()
    confine(SCHEMA, "conversation_state", "note", "canned_reply")
    op.create_index("ix_message_at", "message", ["shop_id", "at"], schema=SCHEMA)
    op.create_index(
        "ix_message_words",
        "message",
        [sa.text("to_tsvector('spanish', text)")],
        schema=SCHEMA,
        postgresql_using="gin",
    )
    op.execute(SAID)
    op.execute("REVOKE ALL ON FUNCTION app.said FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app.said TO {PIPELINE}, {WEB}")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.said")
    for index in ("ix_message_words", "ix_message_at"):
        op.drop_index(index, "message", schema=SCHEMA)
    for table in ("canned_reply", "note", "conversation_state"):
        op.drop_table(table, schema=SCHEMA)


def _states() -> None:
    op.create_table(
        "conversation_state",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("assigned_to", sa.Text()),
        sa.Column("seen_position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("labels", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("converted", sa.Boolean()),
        sa.Column("converted_by", sa.Text()),
        sa.Column("converted_at", MOMENT),
        sa.CheckConstraint("state IN ('open', 'snoozed', 'resolved')", name="state"),
        sa.CheckConstraint("(state = 'snoozed') = (until IS NOT NULL)", name="until"),
        _of_a_conversation(),
        sa.PrimaryKeyConstraint("shop_id", "conversation_id"),
        schema=SCHEMA,
    )
    columns = ["shop_id", "state", "at"]
    op.create_index(None, "conversation_state", columns, schema=SCHEMA)
    somebodys = sa.text("assigned_to IS NOT NULL")
    columns = ["shop_id", "assigned_to"]
    op.create_index(None, "conversation_state", columns, schema=SCHEMA, postgresql_where=somebodys)


def _notes() -> None:
    op.create_table(
        "note",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        _of_a_conversation(),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    columns = ["shop_id", "conversation_id", "at"]
    op.create_index(None, "note", columns, schema=SCHEMA)


def _canned() -> None:
    op.create_table(
        "canned_reply",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "key"),
        schema=SCHEMA,
    )


def _of_a_conversation() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["shop_id", "conversation_id"], ["app.conversation.shop_id", "app.conversation.id"]
    )
