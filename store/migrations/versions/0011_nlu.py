"""What messages mean, said by people, and the classifiers trained on it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0011"
down_revision = "0010"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
NO = sa.text("false")


def upgrade() -> None:
    _annotations()
    _models()
    confine(SCHEMA, "nlu_annotation", "nlu_model")


def downgrade() -> None:
    op.drop_table("nlu_model", schema=SCHEMA)
    op.drop_table("nlu_annotation", schema=SCHEMA)


def _annotations() -> None:
    op.create_table(
        "nlu_annotation",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("slots", JSONB(), server_default="{}", nullable=False),
        sa.Column("confidence", sa.Float(), server_default=sa.text("1"), nullable=False),
        sa.Column("reviewed_by", sa.Text()),
        sa.Column("is_gold", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    for column, where in (("training_id", "training_id IS NOT NULL"), ("created_at", "is_gold")):
        columns = ["shop_id", column]
        condition = sa.text(where)
        op.create_index(None, "nlu_annotation", columns, schema=SCHEMA, postgresql_where=condition)


def _models() -> None:
    op.create_table(
        "nlu_model",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("header", JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "version"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_nlu_model_active",
        "nlu_model",
        ["shop_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("active"),
    )
