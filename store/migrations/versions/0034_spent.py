"""How often a model was judged on its golden set, and who asked for a job."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    _judged()
    blank = sa.Column("asked_by", sa.Text(), server_default="", nullable=False)
    op.add_column("job_run", blank, schema="app")


def downgrade() -> None:
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
