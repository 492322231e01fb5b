"""What people say of answers, the better answers they propose, and how content customers are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)
NOW, FALSE = sa.text("now()"), sa.text("false")
BAD = sa.text("NOT processed AND (thumb = -1 OR stars <= 2)")
ROW = ["ml.training_data.shop_id", "ml.training_data.id"]
CONVERSATION = ["app.conversation.shop_id", "app.conversation.id"]


def upgrade() -> None:
    _ratings()
    _corrections()
    _satisfaction()
    confine("ml", "rating", "correction")
    confine("app", "csat")


def downgrade() -> None:
    op.drop_table("csat", schema="app")
    op.drop_table("correction", schema="ml")
    op.drop_table("rating", schema="ml")


def _ratings() -> None:
    op.create_table(
        "rating",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("stars", sa.SmallInteger()),
        sa.Column("thumb", sa.SmallInteger()),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("processed", sa.Boolean(), server_default=FALSE, nullable=False),
        sa.Column("processed_by", sa.Text()),
        sa.Column("processed_at", MOMENT),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("improved", sa.Boolean(), server_default=FALSE, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.CheckConstraint("thumb IN (-1, 1)", name="thumb"),
        sa.CheckConstraint("role IN ('customer', 'staff')", name="role"),
        sa.ForeignKeyConstraint(["shop_id", "training_id"], ROW),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="ml",
    )
    for column in ("training_id", "updated_at"):
        op.create_index(None, "rating", ["shop_id", column], schema="ml")
    columns = ["shop_id", "updated_at"]
    op.create_index("ix_rating_pending", "rating", columns, schema="ml", postgresql_where=BAD)


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("checks", JSONB(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("origin IN ('person', 'ai')", name="origin"),
        sa.CheckConstraint("state IN ('proposed', 'accepted', 'refused')", name="state"),
        sa.CheckConstraint("state = 'proposed' OR coalesce(decided_by, '') <> ''", name="decided"),
        sa.ForeignKeyConstraint(["shop_id", "training_id"], ROW),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="ml",
    )
    for column in ("training_id", "created_at"):
        op.create_index(None, "correction", ["shop_id", column], schema="ml")


def _satisfaction() -> None:
    op.create_table(
        "csat",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("stars", sa.SmallInteger()),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.ForeignKeyConstraint(["shop_id", "conversation_id"], CONVERSATION),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    columns = ["shop_id", "conversation_id", "asked_at"]
    op.create_index(None, "csat", columns, schema="app")
    op.create_index(None, "csat", ["shop_id", "asked_at"], schema="app")
