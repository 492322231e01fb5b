"""Trainings, what they told on their way, and the models that came of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0013"
down_revision = "0012"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
ZERO = sa.text("0")
OPEN = sa.text("state IN ('pending', 'running', 'paused')")
ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    _jobs()
    _events()
    _versions()
    confine(SCHEMA, "training_job", "training_event", "model_version")


def downgrade() -> None:
    for table in ("model_version", "training_event", "training_job"):
        op.drop_table(table, schema=SCHEMA)


def _jobs() -> None:
    op.create_table(
        "training_job",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid()),
        sa.Column("trainer", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), server_default="supervised", nullable=False),
        sa.Column("base_model", sa.Text(), nullable=False),
        sa.Column("provider_job_id", sa.Text()),
        sa.Column("training_file", sa.Text()),
        sa.Column("parameters", JSONB(), server_default="{}", nullable=False),
        sa.Column("conversations", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("progress", sa.SmallInteger(), server_default=ZERO, nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("cost_micros", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'running', 'paused', 'succeeded', 'failed', 'cancelled')",
            name="state",
        ),
        sa.CheckConstraint("method IN ('supervised', 'dpo')", name="method"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(["shop_id", "dataset_id"], ["ml.dataset.shop_id", "ml.dataset.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    for column in ("created_at", "dataset_id"):
        op.create_index(None, "training_job", ["shop_id", column], schema=SCHEMA)
    columns = ["shop_id", "state"]
    op.create_index(None, "training_job", columns, schema=SCHEMA, postgresql_where=OPEN)


def _events() -> None:
    op.create_table(
        "training_event",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metrics", JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "job_id"], ["ml.training_job.shop_id", "ml.training_job.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "job_id", "number"),
        schema=SCHEMA,
    )


def _versions() -> None:
    op.create_table(
        "model_version",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("base_model", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid()),
        sa.Column("dataset_id", sa.Uuid()),
        sa.Column("state", sa.Text(), server_default="candidate", nullable=False),
        sa.Column("parameters", JSONB(), server_default="{}", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("deployed_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('candidate', 'shadow', 'canary', 'active', 'retired', 'withdrawn')",
            name="state",
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(
            ["shop_id", "job_id"], ["ml.training_job.shop_id", "ml.training_job.id"]
        ),
        sa.ForeignKeyConstraint(["shop_id", "dataset_id"], ["ml.dataset.shop_id", "ml.dataset.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    for column in ("job_id", "dataset_id"):
        op.create_index(None, "model_version", ["shop_id", column], schema=SCHEMA)
    _unique("uq_model_version_name", ["shop_id", "name"])
    _unique("uq_model_version_active", ["shop_id"], ACTIVE)


def _unique(name: str, columns: list[str], where: sa.TextClause | None = None) -> None:
    table = "model_version"
    op.create_index(name, table, columns, schema=SCHEMA, unique=True, postgresql_where=where)
