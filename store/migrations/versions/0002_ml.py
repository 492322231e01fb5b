"""The ml schema: training rows, their scores, datasets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import close_schema, confine, open_schema

revision = "0002"
down_revision = "0001"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = ("dataset", "training_data", "dataset_row", "score")


def upgrade() -> None:
    open_schema(SCHEMA)
    _dataset()
    _training_data()
    _dataset_row()
    _score()
    confine(SCHEMA, *TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    close_schema(SCHEMA)


def _dataset() -> None:
    op.create_table(
        "dataset",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text()),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("manifest", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "period"),
        schema=SCHEMA,
    )


def _training_data() -> None:
    op.create_table(
        "training_data",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid()),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("user_message", sa.Text(), nullable=False),
        sa.Column("bot_response", sa.Text(), nullable=False),
        sa.Column("intensity", sa.Double(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("slots", JSONB(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("context", JSONB(), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("product_name", sa.Text()),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("dispatched_at", MOMENT, nullable=False),
        sa.Column("pii_scrubbed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("follow_up_id", sa.Uuid()),
        sa.Column("follow_up_at", MOMENT),
        sa.Column("user_feedback", sa.Text()),
        sa.Column("quality_score", sa.SmallInteger()),
        sa.Column("quality_label", sa.Text()),
        sa.Column("quality_confidence", sa.Double()),
        sa.Column("is_successful", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("stars", sa.SmallInteger()),
        sa.Column("correction", sa.Text()),
        sa.Column("rejected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("evaluated_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("author IN ('bot', 'human')", name="author"),
        sa.CheckConstraint("quality_score BETWEEN 1 AND 5", name="quality_score"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.ForeignKeyConstraint(
            ["shop_id", "conversation_id"], ["app.conversation.shop_id", "app.conversation.id"]
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "product_id"], ["app.product.shop_id", "app.product.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "training_data", ["category", "quality_score"], schema=SCHEMA)
    op.create_index(
        None, "training_data", ["shop_id", "conversation_id", "position"], schema=SCHEMA
    )
    op.create_index(None, "training_data", ["shop_id", "created_at"], schema=SCHEMA)
    op.create_index(None, "training_data", ["shop_id", "quality_score"], schema=SCHEMA)
    # Every row changes twice, by its follow-up and by its score: room to do so on its own page.
    op.execute("ALTER TABLE ml.training_data SET (fillfactor = 80)")


def _dataset_row() -> None:
    op.create_table(
        "dataset_row",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("split", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "dataset_id"], ["ml.dataset.shop_id", "ml.dataset.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "dataset_id", "training_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "dataset_row", ["shop_id", "training_id"], schema=SCHEMA)


def _score() -> None:
    op.create_table(
        "score",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("scorer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.SmallInteger()),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("successful", sa.Boolean(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "training_id", "scorer", "version"),
        schema=SCHEMA,
    )
