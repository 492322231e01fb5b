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
ALIKE: Final = 3
"""Nor do many numbers with one question: so many examples may be asked about the same."""
SAME: Final = 0.1
"""The distance of two questions that ask about the same."""
PER_SHOP: Final = 2_000
"""All of them are compared for each prompt."""

# What a person rejected, what nobody may learn from and what was not said cleanly teaches nothing.
# A person's better answer makes up for everything; their stars go before any score, and nobody
# else judges what a person answered. What nobody chatted serves once a person took it in.
_GOOD: Final = """
SELECT t.shop_id, t.id, t.customer_id, t.user_message, coalesce(t.correction, t.bot_response) AS
    answer, CASE WHEN t.correction IS NOT NULL THEN 5 WHEN t.author = 'human'
    THEN coalesce(t.stars, 5) ELSE coalesce(t.stars, t.quality_score) END AS score,
    t.correction IS NOT NULL OR t.author = 'human' AS human
FROM ml.training_data t
JOIN app.customer c ON c.shop_id = t.shop_id AND c.id = t.customer_id
JOIN app.customer p ON p.shop_id = c.shop_id AND p.id = coalesce(c.merged_into, c.id)
WHERE (t.shop_id, t.id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
  AND NOT t.rejected AND t.allowed IS NOT false AND NOT (c.no_training OR p.no_training)
  AND (t.origin = 'chat' OR t.allowed)
  AND CASE WHEN t.correction IS NOT NULL THEN true WHEN t.author = 'human'
      THEN coalesce(t.stars, 5) >= 4 ELSE coalesce(t.stars, t.quality_score) >= 4
      AND coalesce(t.context->>'verdict', 'ok') = 'ok' END
"""
_ADD: Final = """
WITH whose AS (
  SELECT coalesce(merged_into, id) AS id FROM app.customer WHERE shop_id = $1 AND id = $3
), theirs AS (
  SELECT id FROM whose UNION ALL
  SELECT c.id FROM whose JOIN app.customer c ON c.shop_id = $1 AND c.merged_into = whose.id
)
INSERT INTO ml.example AS old (shop_id, training_id, customer_id, question, answer, model, score,
    embedding)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
WHERE (SELECT count(*) FROM ml.example e WHERE e.shop_id = $1 AND e.training_id <> $2
       AND e.customer_id IN (SELECT id FROM theirs)) < $9
  AND ($10 OR (SELECT count(*) FROM ml.example e WHERE e.shop_id = $1 AND e.training_id <> $2
       AND CASE WHEN e.model = $6 THEN e.embedding <=> $8 < $11 ELSE false END) < $12)
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
    """`human`: a person of the shop wrote the answer, or took the row in."""

    shop: UUID
    training: UUID
    customer: UUID
    question: str
    answer: str
    score: int
    human: bool = False


async def good(connection: BatchConnection, rows: Sequence[tuple[UUID, UUID]]) -> list[Candidate]:
    """Of some rows, by shop and id, those that may serve as examples."""
    shops, ids = zip(*rows, strict=True) if rows else ((), ())
    found = await connection.fetch(_GOOD, list(shops), list(ids))
    return [Candidate(*row) for row in found]


async def keep(
    connection: BatchConnection,
    one: Candidate,
    model: str,
    vector: NDArray[Any],
    most: int = PER_CUSTOMER,
) -> None:
    """`most` are those of its customer, itself included, under whatever name they write. What a
    person of the shop wrote is kept however many others ask the same."""
    await teach(connection)
    given = (one.shop, one.training, one.customer, one.question, one.answer, model, one.score)
    limits = (most, one.human, SAME, ALIKE)
    await connection.execute(_ADD, *given, packed(vector), *limits)


async def forget(connection: BatchConnection, rows: Sequence[tuple[UUID, UUID]]) -> None:
    if rows:
        shops, ids = zip(*rows, strict=True)
        await connection.execute(_FORGET, list(shops), list(ids))


async def trim(connection: BatchConnection, shop: UUID) -> None:
    await connection.execute(_TRIM, shop, PER_SHOP)
