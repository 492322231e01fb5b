"""What a conversation had come to when somebody resolved it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.add_column("conversation_state", sa.Column("gist", JSONB()), schema="app")


def downgrade() -> None:
    op.drop_column("conversation_state", "gist", schema="app")
