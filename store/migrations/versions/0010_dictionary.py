"""The words of a shop, and those that wait for a person."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.tenancy import confine

revision = "0010"
down_revision = "0009"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "dictionary_term",
        *_word(),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("related_table", sa.Text()),
        sa.Column("related_field", sa.Text()),
        *_lists("synonyms", "examples"),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("origin", sa.Text(), server_default="person", nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("origin IN ('pack', 'person', 'mined', 'ai')", name="origin"),
        *_keys(),
        schema=SCHEMA,
    )
    op.create_table(
        "dictionary_suggestion",
        *_word(),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *_lists("messages"),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("definition", sa.Text()),
        *_lists("synonyms", "examples"),
        sa.Column("proposed_by", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state IN ('open', 'accepted', 'dismissed')", name="state"),
        *_keys(),
        schema=SCHEMA,
    )
    op.create_index(None, "dictionary_suggestion", ["shop_id", "state", "count"], schema=SCHEMA)
    confine(SCHEMA, "dictionary_term", "dictionary_suggestion")


def downgrade() -> None:
    op.drop_table("dictionary_suggestion", schema=SCHEMA)
    op.drop_table("dictionary_term", schema=SCHEMA)


def _word() -> "tuple[sa.Column[Any], ...]":
    return (
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
    )


def _lists(*names: str) -> "list[sa.Column[Any]]":
    return [
        sa.Column(name, ARRAY(sa.Text()), server_default="{}", nullable=False) for name in names
    ]


def _keys() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.UniqueConstraint("shop_id", "folded"),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
