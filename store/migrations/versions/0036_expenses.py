"""One definition of what counts as a cost: by the call, and by the day."""

import sqlalchemy as sa
from alembic import op

from store.migrations.roles import WEB
from store.migrations.tenancy import confine, let_read

revision = "0036"
down_revision = "0035"

CURRENT = "nullif(current_setting('app.customer_id', true), '')::uuid"
OWN = {
    "analytics.customer_sense": "app.own_person(shop_id, customer_id)",
    "app.sense_log": "app.own_message(shop_id, message_id)",
}
# security_invoker: whoever reads a view sees the rows that the tables show to them.
EXPENSE = """
CREATE VIEW analytics.expense WITH (security_invoker = true) AS
SELECT shop_id, created_at AS at, 'answer' AS kind, provider, cost_micros AS micros
FROM app.event_log
UNION ALL SELECT shop_id, created_at, kind, provider, cost_micros FROM app.sense_log
UNION ALL SELECT shop_id, at, 'shadow', '', cost_micros FROM ml.shadow_answer
UNION ALL SELECT shop_id, created_at, 'evaluation', '', cost_micros FROM ml.eval_result
UNION ALL SELECT shop_id, finished_at, 'training', trainer, cost_micros FROM ml.training_job
  WHERE finished_at IS NOT NULL
UNION ALL SELECT shop_id, finished_at, 'judge', '', (result #>> '{judge,cost_micros}')::bigint
  FROM app.job_run
  WHERE name = 'scores' AND state = 'done' AND result #>> '{judge,cost_micros}' IS NOT NULL
"""
SPENDING = """
CREATE VIEW analytics.spending WITH (security_invoker = true) AS
SELECT shop_id, day, channel, 'answer' AS kind, intent, provider, model, replies AS times,
       0 AS unpriced, tokens_in, tokens_out, cost_micros
FROM analytics.tokens_cost
UNION ALL SELECT shop_id, day, channel, kind, '', provider, model, files, unpriced, tokens_in,
                 tokens_out, cost_micros
FROM analytics.sense_cost
UNION ALL SELECT shop_id, day, '', kind, '', '', '', times, 0, 0, 0, cost_micros
FROM analytics.learning_cost
"""
AGAIN = """
UPDATE ml.eval_result one SET created_at = run.created_at FROM ml.eval_run run
WHERE run.shop_id = one.shop_id AND run.id = one.run_id
"""
HEARD = """
UPDATE app.sense_log s SET message_id = f.message_id FROM app.media_file f
WHERE f.shop_id = s.shop_id AND f.id = s.id
"""


def upgrade() -> None:
    op.add_column("sense_log", sa.Column("message_id", sa.Uuid()), schema="app")
    op.execute(HEARD)
    at = sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
    op.add_column("eval_result", at, schema="ml")
    op.execute(AGAIN)
    op.create_index(None, "eval_result", ["shop_id", "created_at"], schema="ml")
    _tables()
    op.execute(EXPENSE)
    op.execute(SPENDING)
    for view in ("expense", "spending"):
        let_read(f"analytics.{view}")
    # As for another time zone: every day is counted again, with what it had not.
    op.execute("UPDATE analytics.rollup SET zone = ''")


def downgrade() -> None:
    for view in ("spending", "expense"):
        op.execute(f"DROP VIEW analytics.{view}")
    for table in ("customer_sense", "learning_cost"):
        op.drop_table(table, schema="analytics")
    op.execute("DROP POLICY own_customer ON app.sense_log")
    op.drop_column("eval_result", "created_at", schema="ml")
    op.drop_column("sense_log", "message_id", schema="app")


def _tables() -> None:
    op.create_table(
        "learning_cost",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _sum("times", sa.Integer()),
        _sum("cost_micros"),
        sa.CheckConstraint("kind IN ('training', 'shadow', 'evaluation', 'judge')", name="kind"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "day", "kind"),
        schema="analytics",
    )
    op.create_table(
        "customer_sense",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        *map(_sum, ("tokens_in", "tokens_out", "cost_micros")),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "day", "customer_id", "channel"),
        schema="analytics",
    )
    columns = ["shop_id", "customer_id", "day"]
    op.create_index(None, "customer_sense", columns, schema="analytics")
    confine("analytics", "learning_cost", "customer_sense")
    for table, own in OWN.items():
        op.execute(
            f"CREATE POLICY own_customer ON {table} AS RESTRICTIVE TO {WEB}"
            f" USING ({CURRENT} IS NULL OR {own})"
        )


def _sum(name: str, kind: sa.types.TypeEngine[int] | None = None) -> sa.Column[int]:
    return sa.Column(name, kind or sa.BigInteger(), server_default=sa.text("0"), nullable=False)
