"""Rules that see what may be chance, and what a webhook was told of an alert."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

UNPOSTED = "posted IS DISTINCT FROM 'resolved'"


def upgrade() -> None:
    op.add_column(
        "alert_rule",
        sa.Column("weak", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="app",
    )
    op.add_column("alert", sa.Column("posted", sa.Text()), schema="app")
    tries = sa.Column("post_tries", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("alert", tries, schema="app")
    op.add_column("alert", sa.Column("post_at", sa.DateTime(timezone=True)), schema="app")
    op.create_check_constraint(
        op.f("ck_alert_posted"), "alert", "posted IN ('firing', 'resolved')", schema="app"
    )
    op.create_index(
        "ix_alert_unposted", "alert", ["shop_id", "fired_at"], schema="app",
        postgresql_where=sa.text(UNPOSTED),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_alert_unposted", "alert", schema="app")
    op.drop_constraint(op.f("ck_alert_posted"), "alert", schema="app")
    for column in ("post_at", "post_tries", "posted"):
        op.drop_column("alert", column, schema="app")
    op.drop_column("alert_rule", "weak", schema="app")
