"""What a shop's people teach by hand, and how its library of turns is filtered without a scan."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.tenancy import confine

revision = "0026"
down_revision = "0025"

MOMENT = sa.DateTime(timezone=True)
TURN = (["shop_id", "training_id"], ["ml.training_data.shop_id", "ml.training_data.id"])
CLUSTER = (["shop_id", "cluster_id"], ["ml.question_cluster.shop_id", "ml.question_cluster.id"])
NEWEST = ["shop_id", "created_at", "id"]
UNKNOWN = """context -> 'sources' @> '[{"kind": "answer", "id": "unknown"}]'"""
FILTERS = {
    "sold": (NEWEST, "is_successful"),
    "corrected": (NEWEST, "correction IS NOT NULL"),
    "good": (NEWEST, "COALESCE(stars, quality_score) >= 4"),
    "poor": (NEWEST, "COALESCE(stars, quality_score) <= 2"),
    "accepted": (NEWEST, "allowed OR correction IS NOT NULL"),
    "excluded": (NEWEST, "rejected OR NOT allowed"),
    "unknown": (NEWEST, UNKNOWN),
    "origin": (["shop_id", "origin", "created_at", "id"], "origin <> 'chat'"),
    "low": (["shop_id", "evaluated_at", "id"], "quality_score <= 2"),
}
WHOLE = (["shop_id", "intent", "created_at", "id"], ["shop_id", "customer_id", "created_at"])


def upgrade() -> None:
    origin = sa.Column("origin", sa.Text(), server_default="chat", nullable=False)
    op.add_column("training_data", origin, schema="ml")
    op.add_column("training_data", sa.Column("allowed", sa.Boolean()), schema="ml")
    op.execute(
        "UPDATE ml.training_data t SET allowed = a.accepted FROM ml.acceptance a"
        " WHERE a.shop_id = t.shop_id AND a.training_id = t.id"
    )
    op.create_check_constraint(
        "origin", "training_data", "origin IN ('chat', 'hand', 'file', 'whatsapp')", schema="ml"
    )
    for name, (columns, where) in FILTERS.items():
        op.create_index(
            f"ix_training_data_{name}", "training_data", columns, schema="ml",
            postgresql_where=sa.text(where),
        )  # fmt: skip
    for columns in WHOLE:
        op.create_index(None, "training_data", columns, schema="ml")
    op.create_index(None, "shadow_answer", ["shop_id", "at"], schema="ml")
    _tables()
    tables = ("outcome", "review_case", "teaching_act", "question_cluster", "question_asked")
    confine("ml", *tables)


def downgrade() -> None:
    for table in (
        "question_asked", "question_cluster", "teaching_act", "review_case", "outcome"
    ):  # fmt: skip
        op.drop_table(table, schema="ml")
    op.drop_index("ix_shadow_answer_shop_id_at", "shadow_answer", schema="ml")
    for columns in WHOLE:
        op.drop_index(f"ix_training_data_{'_'.join(columns)}", "training_data", schema="ml")
    for name in FILTERS:
        op.drop_index(f"ix_training_data_{name}", "training_data", schema="ml")
    for column in ("allowed", "origin"):
        op.drop_column("training_data", column, schema="ml")


def _tables() -> None:
    _outcomes()
    _cases()
    _acts()
    _clusters()
    _asked()


def _outcomes() -> None:
    op.create_table(
        "outcome",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("converted", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.ForeignKeyConstraint(*TURN, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "training_id"),
        schema="ml",
    )
    op.create_index(None, "outcome", ["shop_id", "at"], schema="ml")


def _cases() -> None:
    op.create_table(
        "review_case",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.SmallInteger(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("skips", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("claimed_until", MOMENT),
        sa.Column("intent", sa.Text()),
        sa.Column("stars", sa.SmallInteger()),
        sa.Column("better", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.CheckConstraint("state IN ('pending', 'draft', 'done', 'discarded')", name="state"),
        sa.CheckConstraint("reason BETWEEN 1 AND 5", name="reason"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.ForeignKeyConstraint(*TURN, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "training_id"),
        schema="ml",
    )
    op.create_index(
        "ix_review_case_pending", "review_case",
        ["shop_id", "skips", "reason", "at", "training_id"], schema="ml",
        postgresql_where=sa.text("state = 'pending'"),
    )  # fmt: skip
    op.create_index(None, "review_case", ["shop_id", "state", "decided_at"], schema="ml")
    op.create_index(
        "ix_review_case_sample", "review_case", ["shop_id", "at"], schema="ml",
        postgresql_where=sa.text("sample"),
    )  # fmt: skip


def _acts() -> None:
    op.create_table(
        "teaching_act",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="ml",
    )
    op.create_index(None, "teaching_act", ["shop_id", "by", "at"], schema="ml")


def _clusters() -> None:
    op.create_table(
        "question_cluster",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("variants", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("wanted", sa.Text()),
        sa.Column("example_id", sa.Uuid()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'missing', 'ignored')", name="state"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="ml",
    )
    op.create_index(None, "question_cluster", ["shop_id", "state", "times", "id"], schema="ml")
    op.create_index(None, "question_cluster", ["shop_id", "last_at"], schema="ml")


def _asked() -> None:
    op.create_table(
        "question_asked",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(*TURN, ondelete="CASCADE"),
        sa.ForeignKeyConstraint(*CLUSTER, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "training_id"),
        schema="ml",
    )
    for columns in (["shop_id", "cluster_id", "at"], ["shop_id", "digest", "cluster_id"]):
        op.create_index(None, "question_asked", columns, schema="ml")
