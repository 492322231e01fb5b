"""Files that a catalogue was taken from, and what each product was before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0009"
down_revision = "0008"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "catalogue_import",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="applied", nullable=False),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state IN ('applied', 'partly', 'undone')", name="state"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "catalogue_import", ["shop_id", "at"], schema=SCHEMA)
    op.create_table(
        "catalogue_change",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("former", JSONB()),
        sa.Column("given", JSONB(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "import_id"], ["app.catalogue_import.shop_id", "app.catalogue_import.id"]
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "product_id"], ["app.product.shop_id", "app.product.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "import_id", "product_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "catalogue_change", ["shop_id", "product_id"], schema=SCHEMA)
    confine(SCHEMA, "catalogue_import", "catalogue_change")


def downgrade() -> None:
    op.drop_table("catalogue_change", schema=SCHEMA)
    op.drop_table("catalogue_import", schema=SCHEMA)
