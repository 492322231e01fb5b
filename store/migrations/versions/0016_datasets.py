"""What datasets remember of their rows, when they are stale, and which rows people allowed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.tenancy import confine

revision = "0016"
down_revision = "0015"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
FALSE = sa.text("false")
REMEMBERED: tuple[tuple[str, Any, Any], ...] = (
    ("place", sa.Integer(), None),
    ("pair", sa.Integer(), None),
    ("weight", sa.Double(), sa.text("1")),
    ("score", sa.SmallInteger(), None),
    ("corrected", sa.Boolean(), FALSE),
    ("successful", sa.Boolean(), FALSE),
    ("digest", sa.LargeBinary(), None),
    ("pair_digest", sa.LargeBinary(), None),
)
"""Columns of a dataset's row; those with a default hold a value always."""
BY_TIME = "ix_training_data_shop_id_created_at"


def upgrade() -> None:
    op.add_column("dataset", sa.Column("stale_at", MOMENT), schema=SCHEMA)
    op.add_column("dataset", sa.Column("stale_reason", sa.Text()), schema=SCHEMA)
    for name, kind, default in REMEMBERED:
        column = sa.Column(name, kind, server_default=default, nullable=default is None)
        op.add_column("dataset_row", column, schema=SCHEMA)
    columns = ["shop_id", "dataset_id", "split", "place"]
    op.create_index(None, "dataset_row", columns, schema=SCHEMA)
    op.create_index(None, "training_data", ["shop_id", "created_at", "id"], schema=SCHEMA)
    op.drop_index(BY_TIME, "training_data", schema=SCHEMA)
    _rules()
    _acceptances()
    confine(SCHEMA, "teaching_rule", "acceptance")


def downgrade() -> None:
    op.drop_table("acceptance", schema=SCHEMA)
    op.drop_table("teaching_rule", schema=SCHEMA)
    op.create_index(BY_TIME, "training_data", ["shop_id", "created_at"], schema=SCHEMA)
    op.drop_index("ix_training_data_shop_id_created_at_id", "training_data", schema=SCHEMA)
    op.drop_index("ix_dataset_row_shop_id_dataset_id_split_place", "dataset_row", schema=SCHEMA)
    for name, _, _ in reversed(REMEMBERED):
        op.drop_column("dataset_row", name, schema=SCHEMA)
    op.drop_column("dataset", "stale_reason", schema=SCHEMA)
    op.drop_column("dataset", "stale_at", schema=SCHEMA)


def _rules() -> None:
    op.create_table(
        "teaching_rule",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("demands", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id"),
        schema=SCHEMA,
    )


def _acceptances() -> None:
    op.create_table(
        "acceptance",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "training_id"),
        schema=SCHEMA,
    )
