"""Datasets that people asked for, and how many cases an evaluation asks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0027"
down_revision = "0024"

SCHEMA = "ml"
LISTED = ("dataset", "model_version")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    cases = sa.Column("cases", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("eval_run", cases, schema=SCHEMA)
    op.create_table(
        "preparation",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("wanted", JSONB(), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("read", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("dataset_id", sa.Uuid()),
        sa.Column("error", sa.Text()),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.CheckConstraint("state IN ('pending', 'running', 'done', 'failed')", name="state"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(["shop_id", "dataset_id"], ["ml.dataset.shop_id", "ml.dataset.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "preparation", ["shop_id", "created_at"], schema=SCHEMA)
    some = sa.text("dataset_id IS NOT NULL")
    columns = ["shop_id", "dataset_id"]
    op.create_index(None, "preparation", columns, schema=SCHEMA, postgresql_where=some)
    confine(SCHEMA, "preparation")
    going = sa.text("state IN ('waiting', 'running')")
    work = ["shop_id", "name"]
    op.create_index("ix_job_run_open", "job_run", work, schema="app", postgresql_where=going)
    for table in LISTED:
        op.create_index(None, table, ["shop_id", "created_at"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_job_run_open", "job_run", schema="app")
    for table in LISTED:
        op.drop_index(f"ix_{table}_shop_id_created_at", table, schema=SCHEMA)
    op.drop_table("preparation", schema=SCHEMA)
    op.drop_column("eval_run", "cases", schema=SCHEMA)
