"""Files of a catalogue that were looked at, and wait for somebody to say yes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0028"
down_revision = "0026"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "catalogue_proposal",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("wanted", JSONB(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("import_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "import_id"], ["app.catalogue_import.shop_id", "app.catalogue_import.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "catalogue_proposal", ["shop_id", "at"], schema=SCHEMA)
    some = sa.text("import_id IS NOT NULL")
    columns = ["shop_id", "import_id"]
    op.create_index(None, "catalogue_proposal", columns, schema=SCHEMA, postgresql_where=some)
    confine(SCHEMA, "catalogue_proposal")


def downgrade() -> None:
    op.drop_table("catalogue_proposal", schema=SCHEMA)
