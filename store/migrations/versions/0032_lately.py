"""Who was answered lately is found by the last day on which they were."""

from alembic import op

revision = "0032"
down_revision = "0029"

TABLE, SCHEMA = "user_health", "analytics"
COLUMNS = ["shop_id", "last_day", "first_day"]


def upgrade() -> None:
    op.create_index(None, TABLE, COLUMNS, schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_user_health_shop_id_last_day_first_day", TABLE, schema=SCHEMA)
