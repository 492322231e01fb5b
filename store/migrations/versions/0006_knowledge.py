"""Knowledge: documents, their chunks and passages, and the two ways to find those."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from store.migrations.tenancy import confine

revision = "0006"
down_revision = "0005"

SCHEMA = "ml"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = (
    "document", "chunk", "passage", "corpus", "posting", "vector", "lexeme", "lexeme_gram",
)  # fmt: skip
DIMENSIONS = (384, 512, 768, 1024, 1536, 2048, 3072)


def upgrade() -> None:
    _documents()
    _passages()
    _finding()
    confine(SCHEMA, *TABLES)
    _neighbours()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _column(
    name: str, kind: TypeEngine[Any], server_default: sa.TextClause | str | None = None
) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=server_default)


def _owned(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        _column("shop_id", sa.Uuid()),
        _column("id", sa.Uuid()),
        *parts,
        _column("created_at", MOMENT, server_default=NOW),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )


def _of_a_shop() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"])


def _part_of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["shop_id", column], [f"{table}.shop_id", f"{table}.id"], ondelete="CASCADE"
    )


def _documents() -> None:
    _owned(
        "document",
        _column("title", sa.Text()),
        _column("description", sa.Text(), server_default=""),
        _column("file_name", sa.Text()),
        _column("format", sa.Text()),
        _column("size", sa.Integer()),
        _column("sha256", sa.Text()),
        sa.Column("stored", sa.Text()),
        _column("text", sa.Text()),
        _column("pages", sa.Integer()),
        _column("passages", sa.Integer()),
        _column("processed", sa.Boolean(), server_default=sa.text("false")),
        _column("active", sa.Boolean(), server_default=sa.text("true")),
        _column("flags", JSONB(), server_default="[]"),
        _column("origin", sa.Text(), server_default="person"),
        sa.Column("waiting", JSONB()),
        sa.Column("problem", sa.Text()),
        _column("updated_at", MOMENT),
        sa.CheckConstraint("format IN ('pdf', 'docx', 'txt', 'md')", name="format"),
        sa.UniqueConstraint("shop_id", "file_name"),
        _of_a_shop(),
    )
    op.create_index(
        None, "document", ["shop_id"], schema=SCHEMA,
        postgresql_where=sa.text("waiting IS NOT NULL"),
    )  # fmt: skip


def _passages() -> None:
    _owned(
        "chunk",
        _column("document_id", sa.Uuid()),
        _column("place", sa.Integer()),
        _column("heading", sa.Text()),
        _column("text", sa.Text()),
        _column("tokens", sa.Integer()),
        _part_of("ml.document", "document_id"),
    )
    op.create_index(None, "chunk", ["shop_id", "document_id", "place"], schema=SCHEMA)
    _owned(
        "passage",
        _column("document_id", sa.Uuid()),
        _column("chunk_id", sa.Uuid()),
        _column("page", sa.Integer()),
        _column("heading", sa.Text()),
        _column("text", sa.Text()),
        _column("words", sa.Integer()),
        _column("lexemes", sa.Text()),
        _part_of("ml.document", "document_id"),
        _part_of("ml.chunk", "chunk_id"),
    )
    op.create_index(None, "passage", ["shop_id", "document_id"], schema=SCHEMA)
    op.create_index(None, "passage", ["shop_id", "chunk_id"], schema=SCHEMA)


def _finding() -> None:
    op.create_table(
        "corpus",
        _column("shop_id", sa.Uuid()),
        _column("model", sa.Text()),
        _column("dim", sa.SmallInteger()),
        _column("ann", sa.Boolean(), server_default=sa.text("false")),
        _column("passages", sa.Integer(), server_default=sa.text("0")),
        _column("words", sa.BigInteger(), server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("shop_id"),
        _of_a_shop(),
        schema=SCHEMA,
    )
    op.create_table(
        "posting",
        _column("shop_id", sa.Uuid()),
        _column("lexeme", sa.Text()),
        _column("passage_id", sa.Uuid()),
        _column("count", sa.SmallInteger()),
        _column("words", sa.Integer()),
        sa.PrimaryKeyConstraint(
            "shop_id", "lexeme", "passage_id", postgresql_include=["count", "words"]
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["ml.corpus.shop_id"]),
        schema=SCHEMA,
    )
    op.create_table(
        "vector",
        _column("shop_id", sa.Uuid()),
        _column("model", sa.Text()),
        _column("passage_id", sa.Uuid()),
        _column("dim", sa.SmallInteger()),
        _column("active", sa.Boolean()),
        _column("ann", sa.Boolean()),
        _column("embedding", HALFVEC()),
        sa.PrimaryKeyConstraint("shop_id", "model", "dim", "passage_id"),
        _part_of("ml.passage", "passage_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "vector", ["shop_id", "passage_id"], schema=SCHEMA)
    op.create_table(
        "lexeme",
        _column("shop_id", sa.Uuid()),
        _column("lexeme", sa.Text()),
        _column("passages", sa.Integer()),
        sa.PrimaryKeyConstraint("shop_id", "lexeme"),
        sa.ForeignKeyConstraint(["shop_id"], ["ml.corpus.shop_id"]),
        schema=SCHEMA,
    )
    op.create_table(
        "lexeme_gram",
        _column("shop_id", sa.Uuid()),
        _column("gram", sa.Text()),
        _column("lexeme", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "gram", "lexeme"),
        sa.ForeignKeyConstraint(["shop_id"], ["ml.corpus.shop_id"]),
        schema=SCHEMA,
    )


def _neighbours() -> None:
    """One index per dimension: pgvector indexes vectors of one length. Measured: 1,024 numbers that
    lie in the row are compared six times as fast as those that Postgres stores beside it."""
    op.execute("ALTER TABLE ml.vector ALTER COLUMN embedding SET STORAGE PLAIN")
    for dim in DIMENSIONS:
        op.execute(
            f"CREATE INDEX ix_vector_near_{dim} ON ml.vector"
            f" USING hnsw ((embedding::halfvec({dim})) halfvec_cosine_ops)"
            f" WITH (m = 16, ef_construction = 64) WHERE ann AND active AND dim = {dim}"
        )
