"""How often a model was judged on its golden set, who asked for a job, and what was spent on
hearing voice notes and looking at pictures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.tenancy import confine

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    _judged()
    blank = sa.Column("asked_by", sa.Text(), server_default="", nullable=False)
    op.add_column("job_run", blank, schema="app")
    _sensed()


def downgrade() -> None:
    op.drop_table("sense_cost", schema="analytics")
    op.drop_table("sense_log", schema="app")
    op.drop_column("job_run", "asked_by", schema="app")
    op.drop_constraint("ck_eval_run_attempt", "eval_run", schema="ml")
    for column in ("spent", "confidence", "attempt"):
        op.drop_column("eval_run", column, schema="ml")


def _judged() -> None:
    """What came to a verdict before counts: without one it had too few cases, mostly."""
    for column in (
        sa.Column("attempt", sa.Integer()),
        sa.Column("confidence", sa.Float()),
        sa.Column("spent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("eval_run", column, schema="ml")
    op.create_check_constraint("attempt", "eval_run", "attempt > 0", schema="ml")
    op.execute(
        "UPDATE ml.eval_run SET spent = true"
        " WHERE kind = 'golden' AND state = 'done' AND verdict IN ('passed', 'failed')"
    )


def _what() -> list[sa.Column[Any]]:
    names = ("channel", "kind", "provider", "model")
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _sums() -> list[sa.Column[Any]]:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "files": sa.Integer(), "unpriced": sa.Integer(), "seconds": sa.Float(),
        "tokens_in": sa.BigInteger(), "tokens_out": sa.BigInteger(),
        "cost_micros": sa.BigInteger(),
    }  # fmt: skip
    return [
        sa.Column(name, kind, server_default=sa.text("0"), nullable=False)
        for name, kind in kinds.items()
    ]


def _sensed() -> None:
    op.create_table(
        "sense_log",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_what(),
        sa.Column("seconds", sa.Float()),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('voice', 'image')", name="kind"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    op.create_index(None, "sense_log", ["shop_id", "created_at"], schema="app")
    op.create_table(
        "sense_cost",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_what(),
        *_sums(),
        sa.CheckConstraint("kind IN ('voice', 'image')", name="kind"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "day", "channel", "kind", "provider", "model"),
        schema="analytics",
    )
    confine("app", "sense_log")
    confine("analytics", "sense_cost")
