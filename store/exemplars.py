"""Examples for prompts that were chosen once and stay as they were: one set per training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Index, PrimaryKeyConstraint, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, points_to
from store.ml import SCHEMA
from store.session import BatchConnection
from store.vectors import packed, teach

_KEEP: Final = """
INSERT INTO ml.exemplar (shop_id, job_id, training_id, intent, question, answer, model, embedding)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""
_SET: Final = """
SELECT count(*), count(DISTINCT intent), min(created_at) FROM ml.exemplar
WHERE shop_id = $1 AND job_id = $2
"""
# Whoever takes no part any more, or was rejected since, is in no prompt: the set stays, minus them.
_NEAR: Final = """
WITH chosen AS (
    SELECT job_id FROM ml.model_version
    WHERE shop_id = $1 AND parameters ? 'examples'
      AND CASE WHEN $5::uuid IS NULL THEN state = 'active' ELSE id = $5 END
)
SELECT * FROM (
    SELECT e.training_id, e.question, e.answer, 1 - (e.embedding <=> $3) AS cosine
    FROM ml.exemplar e
    JOIN chosen ON chosen.job_id = e.job_id
    JOIN ml.training_data t ON t.shop_id = e.shop_id AND t.id = e.training_id
    JOIN app.customer c ON c.shop_id = t.shop_id AND c.id = t.customer_id
    WHERE e.shop_id = $1 AND e.model = $2 AND NOT t.rejected AND NOT c.no_training
    UNION ALL
    SELECT training_id, question, answer, 1 - (embedding <=> $3) FROM ml.example
    WHERE shop_id = $1 AND model = $2 AND NOT EXISTS (SELECT FROM chosen)
) AS near ORDER BY cosine DESC, training_id LIMIT $4
"""


class Exemplar(Base):
    """A row of a dataset as it was when its set was chosen. A model version shows the set of its
    own training (`job_id`)."""

    __tablename__ = "exemplar"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "job_id", "training_id"),
        points_to("ml.training_job", "job_id"),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "training_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    job_id: Mapped[UUID]
    training_id: Mapped[UUID]
    intent: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    embedding: Mapped[Any] = mapped_column(HALFVEC, deferred=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True, slots=True)
class Chosen:
    training: UUID
    intent: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Near:
    training: UUID
    question: str
    answer: str
    cosine: float


@dataclass(frozen=True, slots=True)
class KeptSet:
    """`at` is None where there is no set."""

    count: int
    intents: int
    at: datetime | None


async def keep(
    connection: BatchConnection,
    key: tuple[UUID, UUID],
    model: str,
    rows: Sequence[tuple[Chosen, NDArray[Any]]],
) -> None:
    """`key` is the shop and the training."""
    await teach(connection)
    await connection.executemany(
        _KEEP,
        [
            (*key, one.training, one.intent, one.question, one.answer, model, packed(vector))
            for one, vector in rows
        ],
    )


async def kept(connection: BatchConnection, shop: UUID, job: UUID) -> KeptSet:
    return KeptSet(*await connection.fetchrow(_SET, shop, job) or (0, 0, None))


async def near(
    connection: BatchConnection,
    shop: UUID,
    sought: tuple[str, NDArray[Any]],
    count: int,
    version: UUID | None,
) -> list[Near]:
    """Of the set of a version; of the active one when none is named; of every good answer where
    that has no set. `sought` is a vector with its model."""
    await teach(connection)
    model, vector = sought
    found = await connection.fetch(_NEAR, shop, model, packed(vector), count, version)
    return [Near(*row) for row in found]
