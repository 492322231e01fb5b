"""Golden sets, evaluations of models, and what they found in each case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0018"
down_revision = "0017"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    _sets()
    _cases()
    _runs()
    _results()
    confine(SCHEMA, "eval_set", "eval_case", "eval_run", "eval_result")


def downgrade() -> None:
    for table in ("eval_result", "eval_run", "eval_case", "eval_set"):
        op.drop_table(table, schema=SCHEMA)


def _sets() -> None:
    op.create_table(
        "eval_set",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "pack"),
        schema=SCHEMA,
    )


def _cases() -> None:
    op.create_table(
        "eval_case",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("split", sa.Text(), nullable=False),
        sa.Column("messages", JSONB(), nullable=False),
        sa.Column("expected", JSONB(), nullable=False),
        sa.Column("training_id", sa.Uuid()),
        sa.Column("added_by", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("split IN ('dev', 'test')", name="split"),
        sa.CheckConstraint("origin IN ('pack', 'shop')", name="origin"),
        sa.ForeignKeyConstraint(["shop_id", "set_id"], ["ml.eval_set.shop_id", "ml.eval_set.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "set_id", "name"),
        schema=SCHEMA,
    )
    given = sa.text("training_id IS NOT NULL")
    columns = ["shop_id", "training_id"]
    op.create_index(None, "eval_case", columns, schema=SCHEMA, postgresql_where=given)


def _runs() -> None:
    op.create_table(
        "eval_run",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("split", sa.Text()),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("models", JSONB(), server_default="[]", nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("figures", JSONB(), server_default="{}", nullable=False),
        sa.Column("gates", JSONB(), server_default="[]", nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("score", sa.Double()),
        sa.Column("finished_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('golden', 'laboratory')", name="kind"),
        sa.CheckConstraint("state IN ('running', 'done')", name="state"),
        sa.CheckConstraint("split IN ('dev', 'test')", name="split"),
        sa.CheckConstraint("verdict IN ('passed', 'failed', 'not_enough')", name="verdict"),
        sa.ForeignKeyConstraint(["shop_id", "set_id"], ["ml.eval_set.shop_id", "ml.eval_set.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "version_id"], ["ml.model_version.shop_id", "ml.model_version.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    for columns in (["created_at"], ["set_id"], ["version_id", "kind"]):
        op.create_index(None, "eval_run", ["shop_id", *columns], schema=SCHEMA)


def _results() -> None:
    op.create_table(
        "eval_result",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("observed", JSONB(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        sa.ForeignKeyConstraint(["shop_id", "run_id"], ["ml.eval_run.shop_id", "ml.eval_run.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "case_id"], ["ml.eval_case.shop_id", "ml.eval_case.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "run_id", "name"),
        schema=SCHEMA,
    )
    given = sa.text("case_id IS NOT NULL")
    columns = ["shop_id", "case_id"]
    op.create_index(None, "eval_result", columns, schema=SCHEMA, postgresql_where=given)
