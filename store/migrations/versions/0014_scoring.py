"""People's labels of replies, the scorers learned of them, and how far each walk has come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0014"
down_revision = "0013"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
NO = sa.text("false")
ZERO = sa.text("0")
LABELLED = sa.text("training_id IS NOT NULL")
EDITED = sa.text("correction IS NOT NULL OR rejected")
WALKED = sa.text("scorer IN ('lexicon', 'judge', 'edit')")
TABLES = ("reply_label", "scorer_model", "scoring_progress")


def upgrade() -> None:
    _labels()
    _models()
    _progress()
    columns = ["shop_id", "scorer", "created_at", "training_id"]
    op.create_index("ix_score_walked", "score", columns, schema=SCHEMA, postgresql_where=WALKED)
    op.create_index(
        "ix_training_data_edited",
        "training_data",
        ["shop_id", "id"],
        schema=SCHEMA,
        postgresql_where=EDITED,
    )
    confine(SCHEMA, *TABLES)


def downgrade() -> None:
    op.drop_index("ix_training_data_edited", "training_data", schema=SCHEMA)
    op.drop_index("ix_score_walked", "score", schema=SCHEMA)
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _labels() -> None:
    op.create_table(
        "reply_label",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid()),
        sa.Column("reply", sa.Text()),
        sa.Column("next", sa.Text()),
        sa.Column("score", sa.SmallInteger()),
        sa.Column("labelled_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("frozen", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        sa.CheckConstraint("(training_id IS NULL) <> (next IS NULL)", name="texts"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    columns = ["shop_id", "training_id"]
    op.create_index(None, "reply_label", columns, schema=SCHEMA, postgresql_where=LABELLED)
    op.create_index(None, "reply_label", ["shop_id", "created_at"], schema=SCHEMA)


def _models() -> None:
    op.create_table(
        "scorer_model",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("metrics", JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "version"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_scorer_model_active",
        "scorer_model",
        ["shop_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("active"),
    )


def _progress() -> None:
    op.create_table(
        "scoring_progress",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("after_at", MOMENT, nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("finished", sa.Boolean(), server_default=NO, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "task", "version"),
        schema=SCHEMA,
    )
