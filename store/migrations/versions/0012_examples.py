"""Good answers of the past, found by what was asked, and what answers rested on."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

from store.migrations.tenancy import confine

revision = "0012"
down_revision = "0011"

SCHEMA = "ml"


def upgrade() -> None:
    _examples()
    _sources()
    confine(SCHEMA, "example", "training_source")


def _examples() -> None:
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


def _sources() -> None:
    op.create_table(
        "training_source",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "training_id", "kind", "source_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "training_source", ["shop_id", "kind", "source_id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("training_source", schema=SCHEMA)
    op.drop_table("example", schema=SCHEMA)
