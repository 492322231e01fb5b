"""Documents that are out of answers after their last day."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

LAPSING = "ix_document_lapsing"


def upgrade() -> None:
    op.add_column("document", sa.Column("lapses_at", sa.DateTime(timezone=True)), schema="ml")
    told = sa.text("lapses_at IS NOT NULL")
    columns = ["shop_id", "lapses_at"]
    op.create_index(LAPSING, "document", columns, schema="ml", postgresql_where=told)


def downgrade() -> None:
    op.drop_index(LAPSING, "document", schema="ml")
    op.drop_column("document", "lapses_at", schema="ml")
