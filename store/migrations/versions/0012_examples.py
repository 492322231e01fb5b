"""Good answers of the past, found by what was asked."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

from store.migrations.tenancy import confine

revision = "0012"
down_revision = "0010"

SCHEMA = "ml"


def upgrade() -> None:
    op.create_table(
        "example",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "training_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "example", ["shop_id", "customer_id"], schema=SCHEMA)
    op.execute("ALTER TABLE ml.example ALTER COLUMN embedding SET STORAGE PLAIN")
    confine(SCHEMA, "example")


def downgrade() -> None:
    op.drop_table("example", schema=SCHEMA)
