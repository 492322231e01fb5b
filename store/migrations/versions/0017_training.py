"""What a training may cost, whose second attempt it is, and sets of examples that stay."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

from store.migrations.tenancy import confine

revision = "0017"
down_revision = "0016"

SCHEMA = "ml"
JOB = ["ml.training_job.shop_id", "ml.training_job.id"]
AGAIN = sa.text("retry_of IS NOT NULL")


def upgrade() -> None:
    estimate = sa.Column(
        "estimate_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False
    )
    op.add_column("training_job", estimate, schema=SCHEMA)
    op.add_column("training_job", sa.Column("retry_of", sa.Uuid()), schema=SCHEMA)
    op.create_foreign_key(
        None,
        "training_job",
        "training_job",
        ["shop_id", "retry_of"],
        ["shop_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    columns = ["shop_id", "retry_of"]
    op.create_index(None, "training_job", columns, schema=SCHEMA, postgresql_where=AGAIN)
    _exemplars()
    confine(SCHEMA, "exemplar")


def downgrade() -> None:
    op.drop_table("exemplar", schema=SCHEMA)
    for column in ("retry_of", "estimate_micros"):
        op.drop_column("training_job", column, schema=SCHEMA)


def _exemplars() -> None:
    op.create_table(
        "exemplar",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["shop_id", "job_id"], JOB),
        sa.ForeignKeyConstraint(
            ["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "job_id", "training_id"),
        schema=SCHEMA,
    )  # fmt: skip
    op.create_index(None, "exemplar", ["shop_id", "training_id"], schema=SCHEMA)
    op.execute("ALTER TABLE ml.exemplar ALTER COLUMN embedding SET STORAGE PLAIN")
