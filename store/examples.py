"""Good answers of the past, by what was asked: at most so many per customer and shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Index, PrimaryKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, points_to
from store.ml import SCHEMA
from store.session import BatchConnection
from store.vectors import packed, teach

PER_CUSTOMER: Final = 3
"""Nobody teaches the bot alone how it answers everybody."""
PER_SHOP: Final = 2_000
"""All of them are compared for each prompt."""

# What a person rejected, what nobody may learn from and what was not said cleanly teaches nothing.
_GOOD: Final = """
SELECT t.shop_id, t.id, t.customer_id, t.user_message, coalesce(t.correction, t.bot_response) AS
    answer, t.quality_score
FROM ml.training_data t
JOIN app.customer c ON c.shop_id = t.shop_id AND c.id = t.customer_id
WHERE (t.shop_id, t.id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
  AND t.quality_score >= 4 AND NOT t.rejected AND NOT c.no_training
  AND coalesce(t.context->>'verdict', 'ok') = 'ok'
"""
_ADD: Final = """
INSERT INTO ml.example AS old (shop_id, training_id, customer_id, question, answer, model, score,
    embedding)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
WHERE (SELECT count(*) FROM ml.example WHERE shop_id = $1 AND customer_id = $3
       AND training_id <> $2) < $9
ON CONFLICT (shop_id, training_id) DO UPDATE SET answer = excluded.answer, score = excluded.score
"""
_FORGET: Final = """
DELETE FROM ml.example
WHERE (shop_id, training_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""
_TRIM: Final = """
DELETE FROM ml.example WHERE shop_id = $1 AND training_id IN (
    SELECT training_id FROM ml.example WHERE shop_id = $1
    ORDER BY score DESC, training_id DESC OFFSET $2)
"""
_NEAR: Final = """
SELECT training_id, question, answer, 1 - (embedding <=> $3) AS cosine FROM ml.example
WHERE shop_id = $1 AND model = $2 ORDER BY (embedding <=> $3) + 0, training_id LIMIT $4
"""


class Example(Base):
    """A row of training data that scored well: its texts are masked, its facts placeholders."""

    __tablename__ = "example"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id"),
        points_to("ml.training_data", "training_id"),
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    score: Mapped[int] = mapped_column(SmallInteger)
    embedding: Mapped[Any] = mapped_column(HALFVEC, deferred=True)


@dataclass(frozen=True, slots=True)
class Candidate:
    shop: UUID
    training: UUID
    customer: UUID
    question: str
    answer: str
    score: int


@dataclass(frozen=True, slots=True)
class Near:
    training: UUID
    question: str
    answer: str
    cosine: float


async def good(connection: BatchConnection, rows: Sequence[tuple[UUID, UUID]]) -> list[Candidate]:
    """Of some rows, by shop and id, those that may serve as examples."""
    shops, ids = zip(*rows, strict=True) if rows else ((), ())
    found = await connection.fetch(_GOOD, list(shops), list(ids))
    return [Candidate(*row) for row in found]


async def keep(
    connection: BatchConnection, one: Candidate, model: str, vector: NDArray[Any]
) -> None:
    await teach(connection)
    given = (one.shop, one.training, one.customer, one.question, one.answer, model, one.score)
    await connection.execute(_ADD, *given, packed(vector), PER_CUSTOMER)


async def forget(connection: BatchConnection, rows: Sequence[tuple[UUID, UUID]]) -> None:
    if rows:
        shops, ids = zip(*rows, strict=True)
        await connection.execute(_FORGET, list(shops), list(ids))


async def trim(connection: BatchConnection, shop: UUID) -> None:
    await connection.execute(_TRIM, shop, PER_SHOP)


async def near(
    connection: BatchConnection, shop: UUID, model: str, vector: NDArray[Any], count: int
) -> list[Near]:
    await teach(connection)
    found = await connection.fetch(_NEAR, shop, model, packed(vector), count)
    return [Near(*row) for row in found]
