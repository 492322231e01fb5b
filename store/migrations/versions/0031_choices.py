"""What a shop's owner chooses on a page, instead of the settings' file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.migrations.tenancy import confine

revision = "0031"
down_revision = "0030"

SCHEMA, TABLE = "app", "shop_choice"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("week", JSONB()),
        sa.Column("holidays", ARRAY(sa.Date())),
        sa.Column("tone", sa.Text()),
        sa.Column("intensity", sa.Double()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tone IN ('coach', 'neutral', 'formal')", name="tone"),
        sa.CheckConstraint("intensity BETWEEN 0 AND 1", name="intensity"),
        sa.CheckConstraint("(week IS NULL) = (holidays IS NULL)", name="hours"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id"),
        schema=SCHEMA,
    )
    confine(SCHEMA, TABLE)


def downgrade() -> None:
    op.drop_table(TABLE, schema=SCHEMA)
