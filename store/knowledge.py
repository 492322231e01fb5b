"""The `ml` schema, continued: what the business wrote down, cut into what a question can find.

A document has chunks, which a model reads; a chunk has passages, which are searched: by their
lexemes in `posting`, by their meaning in `vector`. Both hold active documents alone. `lexeme`
counts in how many passages a word stands, `corpus` what all of them come to.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop
from store.ml import SCHEMA

DIMENSIONS = (384, 512, 768, 1024, 1536, 2048, 3072)
"""Of the models whose vectors can be indexed; pgvector's HNSW takes half vectors up to 4,000."""


def _part_of(table: str, column: str) -> ForeignKeyConstraint:
    """What has no life of its own goes with what it is part of."""
    return ForeignKeyConstraint(
        ["shop_id", column], [f"{table}.shop_id", f"{table}.id"], ondelete="CASCADE"
    )


def _of_a_corpus() -> ForeignKeyConstraint:
    """Rows that are made of passages by the thousand, and written and removed with them."""
    return ForeignKeyConstraint(["shop_id"], ["ml.corpus.shop_id"])


def _near(dim: int) -> Index:
    """One index per dimension: pgvector indexes vectors of one length."""
    return Index(
        f"ix_vector_near_{dim}",
        literal_column(f"(embedding::halfvec({dim}))").label("near"),
        postgresql_ops={"near": "halfvec_cosine_ops"},
        postgresql_using="hnsw",
        postgresql_with={"m": 16, "ef_construction": 64},
        postgresql_where=sql(f"ann AND active AND dim = {dim}"),
    )


class Document(Owned, Base):
    """`stored` names its file among the kept ones; `flags` says what is suspicious in its text.

    From `lapses_at` on it is out of answers: the end of its last day, by the shop's clock.

    `waiting` is a file that a worker reads later, to take the place of what the document says now;
    `problem` is why the last one was refused, a word of knowledge.extraction.PROBLEMS.
    """

    __tablename__ = "document"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "file_name"),
        Index(None, "shop_id", postgresql_where=sql("waiting IS NOT NULL")),
        Index(
            "ix_document_lapsing",
            "shop_id",
            "lapses_at",
            postgresql_where=sql("lapses_at IS NOT NULL"),
        ),
        CheckConstraint("format IN ('pdf', 'docx', 'txt', 'md')", name="format"),
        {"schema": SCHEMA},
    )

    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    file_name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    stored: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    pages: Mapped[int]
    passages: Mapped[int]
    processed: Mapped[bool] = mapped_column(server_default=sql("false"))
    active: Mapped[bool] = mapped_column(server_default=sql("true"))
    flags: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    origin: Mapped[str] = mapped_column(Text, server_default="person")
    waiting: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    problem: Mapped[str | None] = mapped_column(Text)
    lapses_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class Chunk(Owned, Base):
    __tablename__ = "chunk"
    __table_args__ = (
        _part_of("ml.document", "document_id"),
        Index(None, "shop_id", "document_id", "place"),
        {"schema": SCHEMA},
    )

    document_id: Mapped[UUID]
    place: Mapped[int]
    heading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    tokens: Mapped[int]


class Passage(Owned, Base):
    """`lexemes` are its words as they are searched, by spaces: from them come its postings."""

    __tablename__ = "passage"
    __table_args__ = (
        _part_of("ml.document", "document_id"),
        _part_of("ml.chunk", "chunk_id"),
        Index(None, "shop_id", "document_id"),
        Index(None, "shop_id", "chunk_id"),
        {"schema": SCHEMA},
    )

    document_id: Mapped[UUID]
    chunk_id: Mapped[UUID]
    page: Mapped[int]
    heading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[int]
    lexemes: Mapped[str] = mapped_column(Text)


class Posting(Base):
    """A lexeme in a passage of an active document: how often, among how many words."""

    __tablename__ = "posting"
    __table_args__ = (
        PrimaryKeyConstraint(
            "shop_id", "lexeme", "passage_id", postgresql_include=["count", "words"]
        ),
        _of_a_corpus(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    lexeme: Mapped[str] = mapped_column(Text)
    passage_id: Mapped[UUID]
    count: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[int]


class Vector(Base):
    """Vectors of several models, or of several lengths, stand side by side while one takes over
    from another.

    `ann` rows stand in the index of nearest neighbours; the others are looked through one by one.
    """

    __tablename__ = "vector"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "model", "dim", "passage_id"),
        _part_of("ml.passage", "passage_id"),
        Index(None, "shop_id", "passage_id"),
        *map(_near, DIMENSIONS),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    model: Mapped[str] = mapped_column(Text)
    passage_id: Mapped[UUID]
    dim: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool]
    ann: Mapped[bool]
    embedding: Mapped[Any] = mapped_column(HALFVEC, deferred=True)


class Lexeme(Base):
    __tablename__ = "lexeme"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "lexeme"),
        _of_a_corpus(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    lexeme: Mapped[str] = mapped_column(Text)
    passages: Mapped[int]


class LexemeGram(Base):
    """By which three letters a misspelled word finds the one that was meant."""

    __tablename__ = "lexeme_gram"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "gram", "lexeme"),
        _of_a_corpus(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    gram: Mapped[str] = mapped_column(Text)
    lexeme: Mapped[str] = mapped_column(Text)


class Corpus(Base):
    """What a shop's passages come to, and whose vectors its questions are compared with."""

    __tablename__ = "corpus"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    model: Mapped[str] = mapped_column(Text)
    dim: Mapped[int] = mapped_column(SmallInteger)
    ann: Mapped[bool] = mapped_column(server_default=sql("false"))
    passages: Mapped[int] = mapped_column(server_default=sql("0"))
    words: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
