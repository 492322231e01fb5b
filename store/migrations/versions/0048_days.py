"""What happened on a day with a name, and its replies by the hour: a year is read at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.tenancy import confine

revision = "0048"
down_revision = "0047"

SCHEMA = "analytics"
# A shop without a clock is counted anew as a whole.
TALLIED = """
INSERT INTO analytics.day_tally (shop_id, kind, day, channel, name, count)
SELECT t.shop_id, t.kind, (t.hour AT TIME ZONE r.zone)::date, t.channel, t.name, sum(t.count)
FROM analytics.hour_tally t JOIN analytics.rollup r ON r.shop_id = t.shop_id AND r.zone <> ''
GROUP BY 1, 2, 3, 4, 5
"""
BY_HOUR = """
UPDATE analytics.day_fact d SET by_hour = found.replies
FROM (
  SELECT one.shop_id, one.day, one.channel,
         array_agg(coalesce(one.replies, 0) ORDER BY one.at) AS replies
  FROM (
    SELECT f.shop_id, f.day, f.channel, clock.at, sum(h.replies)::int AS replies
    FROM analytics.day_fact f
    JOIN analytics.rollup r ON r.shop_id = f.shop_id AND r.zone <> ''
    CROSS JOIN generate_series(0, 23) AS clock (at)
    LEFT JOIN analytics.hour_fact h ON h.shop_id = f.shop_id AND h.channel = f.channel
      AND h.hour >= f.day::timestamp AT TIME ZONE r.zone
      AND h.hour < (f.day + 1)::timestamp AT TIME ZONE r.zone
      AND extract(hour FROM h.hour AT TIME ZONE r.zone) = clock.at
    GROUP BY 1, 2, 3, 4
  ) one GROUP BY 1, 2, 3
) found
WHERE d.shop_id = found.shop_id AND d.day = found.day AND d.channel = found.channel
"""


def upgrade() -> None:
    op.create_table(
        "day_tally",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("kind IN ('reason', 'intent', 'short')", name="kind"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "kind", "day", "channel", "name"),
        schema=SCHEMA,
    )
    counts: sa.Column[list[int]] = sa.Column(
        "by_hour", ARRAY(sa.Integer()), server_default="{}", nullable=False
    )
    op.add_column("day_fact", counts, schema=SCHEMA)
    confine(SCHEMA, "day_tally")
    op.execute(TALLIED)
    op.execute(BY_HOUR)


def downgrade() -> None:
    op.drop_column("day_fact", "by_hour", schema=SCHEMA)
    op.drop_table("day_tally", schema=SCHEMA)
