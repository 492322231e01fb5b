"""Rollouts of model versions, their steps and shadows, and which version answered which turn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0019"
down_revision = "0018"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW, FALSE = sa.text("now()"), sa.text("false")
STATES = "('shadow', 'canary', 'promoted', 'rolled_back', 'inconclusive', 'stopped')"
OPEN = sa.text("state IN ('shadow', 'canary')")
VERSION = ["ml.model_version.shop_id", "ml.model_version.id"]
ROLLOUT = ["ml.rollout.shop_id", "ml.rollout.id"]
ROWS = "training_data"
ADDED = ("version_id", "rollout_id", "variant", "stage", "fallback")


def upgrade() -> None:
    _rollouts()
    _steps()
    _shadows()
    confine(SCHEMA, "rollout", "rollout_step", "shadow_answer")
    _rows()


def downgrade() -> None:
    op.drop_index("ix_training_data_rollout", ROWS, schema=SCHEMA)
    for column in reversed(ADDED):
        op.drop_column(ROWS, column, schema=SCHEMA)
    for table in ("shadow_answer", "rollout_step", "rollout"):
        op.drop_table(table, schema=SCHEMA)


def _rollouts() -> None:
    op.create_table(
        "rollout",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("baseline_id", sa.Uuid()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=FALSE, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("gate", JSONB(), server_default="{}", nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("stage_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name="state"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        sa.ForeignKeyConstraint(["shop_id", "version_id"], VERSION),
        sa.ForeignKeyConstraint(["shop_id", "baseline_id"], VERSION),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_rollout_open", "rollout", ["shop_id"], unique=True, schema=SCHEMA, postgresql_where=OPEN
    )
    for column in ("created_at", "version_id"):
        op.create_index(None, "rollout", ["shop_id", column], schema=SCHEMA)
    some = sa.text("baseline_id IS NOT NULL")
    columns = ["shop_id", "baseline_id"]
    op.create_index(None, "rollout", columns, schema=SCHEMA, postgresql_where=some)


def _steps() -> None:
    op.create_table(
        "rollout_step",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("rollout_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.Text()),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("from_percent", sa.SmallInteger(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", JSONB(), server_default="{}", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "rollout_id"], ROLLOUT),
        sa.PrimaryKeyConstraint("shop_id", "rollout_id", "number"),
        schema=SCHEMA,
    )


def _shadows() -> None:
    op.create_table(
        "shadow_answer",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rollout_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("checks", JSONB(), server_default="[]", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "rollout_id"], ROLLOUT),
        sa.ForeignKeyConstraint(["shop_id", "version_id"], VERSION),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "shadow_answer", ["shop_id", "rollout_id", "at"], schema=SCHEMA)
    for column in ("version_id", "reply_id"):
        op.create_index(None, "shadow_answer", ["shop_id", column], schema=SCHEMA)


def _rows() -> None:
    op.add_column(ROWS, sa.Column("version_id", sa.Uuid()), schema=SCHEMA)
    op.add_column(ROWS, sa.Column("rollout_id", sa.Uuid()), schema=SCHEMA)
    op.add_column(ROWS, sa.Column("variant", sa.Text()), schema=SCHEMA)
    op.add_column(ROWS, sa.Column("stage", sa.SmallInteger()), schema=SCHEMA)
    stood_in: sa.Column[bool]
    stood_in = sa.Column("fallback", sa.Boolean(), server_default=FALSE, nullable=False)
    op.add_column(ROWS, stood_in, schema=SCHEMA)
    for table, column in (("model_version", "version_id"), ("rollout", "rollout_id")):
        op.create_foreign_key(
            None,
            ROWS,
            table,
            ["shop_id", column],
            ["shop_id", "id"],
            source_schema=SCHEMA,
            referent_schema=SCHEMA,
        )
    op.create_check_constraint("variant", ROWS, "variant IN ('control', 'canary')", schema=SCHEMA)
    some = sa.text("version_id IS NOT NULL")
    columns = ["shop_id", "version_id", "dispatched_at"]
    op.create_index(None, ROWS, columns, schema=SCHEMA, postgresql_where=some)
    some = sa.text("rollout_id IS NOT NULL")
    columns = ["shop_id", "rollout_id", "stage", "dispatched_at"]
    name = "ix_training_data_rollout"
    op.create_index(name, ROWS, columns, schema=SCHEMA, postgresql_where=some)
