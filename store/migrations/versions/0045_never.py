"""Words that no reply of a shop may say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0045"
down_revision = "0043"


def upgrade() -> None:
    said = sa.Column[list[str]]("never", ARRAY(sa.Text()), server_default="{}", nullable=False)
    op.add_column("dictionary_term", said, schema="ml")


def downgrade() -> None:
    op.drop_column("dictionary_term", "never", schema="ml")
