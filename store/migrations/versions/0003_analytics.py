"""The analytics schema: what a day of a shop looked like."""

from alembic import op

from store.migrations.tenancy import close_schema, let_read, open_schema

revision = "0003"
down_revision = "0002"

# security_invoker: whoever reads the view sees the rows that the tables show to them.
DAILY_REPLIES = """
CREATE VIEW analytics.daily_replies WITH (security_invoker = true) AS
SELECT shop_id,
       (dispatched_at AT TIME ZONE 'UTC')::date AS day,
       count(*) AS replies,
       count(quality_score) AS scored,
       avg(quality_score)::float8 AS mean_score,
       count(*) FILTER (WHERE is_successful) AS successful,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS p95_latency_ms,
       sum(tokens_in) AS tokens_in,
       sum(tokens_out) AS tokens_out
FROM ml.training_data
WHERE author = 'bot'
GROUP BY shop_id, day
"""


def upgrade() -> None:
    open_schema("analytics")
    op.execute(DAILY_REPLIES)
    let_read("analytics.daily_replies")


def downgrade() -> None:
    op.execute("DROP VIEW analytics.daily_replies")
    close_schema("analytics")
