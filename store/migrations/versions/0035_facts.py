"""What a shop says of itself instead of its pack's samples."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"

SCHEMA = "app"


def upgrade() -> None:
    facts = sa.Column("facts", postgresql.JSONB(), nullable=True)
    op.add_column("shop_choice", facts, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("shop_choice", "facts", schema=SCHEMA)
