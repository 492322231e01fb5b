"""The datasets of a shop: registered once, looked through line by line, stale for a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from store import ml
from store.batches import BatchInsert
from store.curating import Turn
from store.session import BatchConnection, ReadSession, Store, WriteSession, driver

Link: TypeAlias = tuple[Any, ...]
COLUMNS: Final = (
    "shop_id", "dataset_id", "training_id", "split", "place", "pair", "weight", "score",
    "corrected", "successful", "digest", "pair_digest",
)  # fmt: skip
"""Of a link, in this order."""
_LINKS: Final = BatchInsert.into(ml.DatasetRow, *COLUMNS)

LEFT: Final = "customers of its rows left or were erased"
UNWILLING: Final = "customers of its rows no longer take part"

_LINES: Final = """
SELECT training_id, place, pair, weight, score, corrected, successful, digest, pair_digest
FROM ml.dataset_row
WHERE shop_id = $1 AND dataset_id = $2 AND split = $3 AND place > $4
ORDER BY place LIMIT $5
"""
_WORSE: Final = """
SELECT pair, training_id FROM ml.dataset_row
WHERE shop_id = $1 AND dataset_id = $2 AND split = $3 AND place IS NULL AND pair = ANY ($4::int[])
"""
# Erasing a customer takes their rows out of the datasets, which then hold fewer than they had.
_STALE: Final = """
UPDATE ml.dataset d SET stale_at = now(), stale_reason = found.reason
FROM (
  SELECT d.id, CASE
    WHEN (SELECT count(*) FROM ml.dataset_row r
          WHERE r.shop_id = d.shop_id AND r.dataset_id = d.id AND r.place IS NOT NULL)
         < (d.manifest -> 'counts' ->> 'rows')::bigint THEN $2
    WHEN EXISTS (
      SELECT FROM app.customer c
      JOIN app.customer p ON p.shop_id = c.shop_id AND p.id = coalesce(c.merged_into, c.id)
      JOIN ml.training_data t ON t.shop_id = c.shop_id AND t.customer_id = c.id
      JOIN ml.dataset_row r ON r.shop_id = t.shop_id AND r.training_id = t.id
      WHERE c.shop_id = d.shop_id AND (c.no_training OR p.no_training) AND r.dataset_id = d.id
    ) THEN $3 END AS reason
  FROM ml.dataset d WHERE d.shop_id = $1 AND d.stale_at IS NULL
) AS found
WHERE d.shop_id = $1 AND d.id = found.id AND found.reason IS NOT NULL
RETURNING d.id
"""


async def register(session: WriteSession, values: dict[str, Any]) -> bool:
    """Whether it is new: the same dataset again changes nothing."""
    new = insert(ml.Dataset).values(values).on_conflict_do_nothing().returning(ml.Dataset.id)
    return await session.scalar(new) is not None


async def link(session: WriteSession, links: Sequence[Link]) -> None:
    """In the transaction that registers the dataset, which has begun."""
    await _LINKS.write(await driver(session), links)


async def lines(
    store: Store, shop: UUID, dataset: UUID, split: str, after: int, limit: int
) -> Sequence[Turn]:
    """The lines of a split by their places, without what is only the worse half of a pair."""
    async with store.lookup() as connection:
        return await connection.fetch(_LINES, shop, dataset, split, after, limit)


async def worse(
    store: Store, shop: UUID, dataset: UUID, split: str, pairs: Sequence[int]
) -> dict[int, UUID]:
    """Of some pairs the rows that are their worse halves; a corrected row is both halves itself."""
    async with store.lookup() as connection:
        found = await connection.fetch(_WORSE, shop, dataset, split, list(pairs))
    return {row["pair"]: row["training_id"] for row in found}


async def find(session: ReadSession, shop: UUID, period: str) -> ml.Dataset | None:
    query = select(ml.Dataset).where(ml.Dataset.shop_id == shop, ml.Dataset.period == period)
    return await session.scalar(query)


async def every(session: ReadSession, shop: UUID) -> list[ml.Dataset]:
    """The newest first."""
    mine = select(ml.Dataset).where(ml.Dataset.shop_id == shop)
    return list(await session.scalars(mine.order_by(ml.Dataset.created_at.desc(), ml.Dataset.id)))


@dataclass(frozen=True, slots=True)
class Line:
    """A dataset in a list, without its manifest, which may be long."""

    id: UUID
    period: str | None
    sha256: str
    rows: int
    customers: int
    created_at: datetime
    stale_reason: str | None


async def listed(session: ReadSession, shop: UUID, limit: int) -> list[Line]:
    """The newest first."""
    row, counts = ml.Dataset, ml.Dataset.manifest["counts"]
    numbers = (func.coalesce(counts[name].as_integer(), 0) for name in ("rows", "customers"))
    columns = row.id, row.period, row.sha256, *numbers, row.created_at, row.stale_reason
    query = select(*columns).where(row.shop_id == shop).order_by(row.created_at.desc(), row.id)
    return [Line(*found) for found in await session.execute(query.limit(limit))]


async def mark_stale(connection: BatchConnection, shop: UUID) -> list[UUID]:
    """Looks at every dataset that is not stale yet; those that have just become so."""
    return [row["id"] for row in await connection.fetch(_STALE, shop, LEFT, UNWILLING)]
