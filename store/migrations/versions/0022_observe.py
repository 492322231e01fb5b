"""The steps of every request, the rules a shop is watched by, and the alerts they led to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0022"
down_revision = "0021"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
REPLIES = sa.text("name = 'reply'")
SLOW = sa.text("name = 'reply' AND duration_us >= 1500000")


def upgrade() -> None:
    _spans()
    _rules()
    _alerts()
    confine(SCHEMA, "span", "alert_rule", "alert")
    running = sa.text("state = 'running'")
    columns = ["shop_id", "lease_until"]
    op.create_index(
        "ix_job_run_running", "job_run", columns, schema=SCHEMA, postgresql_where=running
    )


def downgrade() -> None:
    op.drop_index("ix_job_run_running", "job_run", schema=SCHEMA)
    for table in ("alert", "alert_rule", "span"):
        op.drop_table(table, schema=SCHEMA)


def _spans() -> None:
    op.create_table(
        "span",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("conversation_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("duration_us", sa.BigInteger(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("attributes", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "request_id", "id"),
        schema=SCHEMA,
    )
    by_time = ["shop_id", "started_at"]
    op.create_index(None, "span", by_time, schema=SCHEMA)
    for name, columns, where in (
        ("replies", [*by_time, "id"], REPLIES),
        ("conversation", ["shop_id", "conversation_id", "started_at"], REPLIES),
        ("failed", by_time, sa.text("NOT ok")),
        ("slow", by_time, SLOW),
    ):
        op.create_index(f"ix_span_{name}", "span", columns, schema=SCHEMA, postgresql_where=where)


def _rules() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("threshold", sa.Double()),
        sa.Column("muted_until", MOMENT),
        sa.Column("state", sa.Text(), server_default="calm", nullable=False),
        sa.Column("streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("evaluated_at", MOMENT),
        sa.Column("value", sa.Double()),
        sa.Column("bound", sa.Double()),
        sa.Column("changed_by", sa.Text()),
        sa.Column("changed_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state IN ('calm', 'pending', 'firing')", name="state"),
        sa.CheckConstraint("threshold > 0", name="threshold"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "kind"),
        schema=SCHEMA,
    )


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="firing", nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("peak", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("fired_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("resolved_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.Column("told", JSONB(), server_default="[]", nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state IN ('firing', 'acknowledged', 'resolved')", name="state"),
        sa.ForeignKeyConstraint(
            ["shop_id", "rule_id"], ["app.alert_rule.shop_id", "app.alert_rule.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "alert", ["shop_id", "fired_at", "id"], schema=SCHEMA)
    of_rule = ["shop_id", "rule_id", "fired_at"]
    op.create_index("ix_alert_of_rule", "alert", of_rule, schema=SCHEMA)
    for name, columns, where, unique in (
        ("uq_alert_open", ["shop_id", "rule_id"], "state <> 'resolved'", True),
        ("ix_alert_untold", ["shop_id", "fired_at"], "told_at IS NULL", False),
    ):
        op.create_index(
            name, "alert", columns, schema=SCHEMA, unique=unique, postgresql_where=sa.text(where)
        )
