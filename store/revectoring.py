"""The statements by which a shop's vectors are replaced, or put into the index of neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray

from store.passages import VECTORS, CorpusRow
from store.session import BatchConnection
from store.vectors import packed, teach

_LACKING: Final = """
SELECT p.id, d.title || '. ' || p.heading || '. ' || p.text AS text
FROM ml.passage p JOIN ml.document d ON d.shop_id = p.shop_id AND d.id = p.document_id
WHERE p.shop_id = $1 AND p.id > $4 AND NOT EXISTS (
    SELECT FROM ml.vector v
    WHERE v.shop_id = $1 AND v.model = $2 AND v.dim = $3 AND v.passage_id = p.id)
ORDER BY p.id LIMIT $5
"""
_STILL: Final = """
SELECT p.id, d.active FROM ml.passage p
JOIN ml.document d ON d.shop_id = p.shop_id AND d.id = p.document_id
WHERE p.shop_id = $1 AND p.id = ANY($2)
"""
_COUNT: Final = "SELECT count(*) FROM ml.passage WHERE shop_id = $1"
_TAKE: Final = "UPDATE ml.corpus SET model = $2, dim = $3, ann = false WHERE shop_id = $1"
_FORGET: Final = "DELETE FROM ml.vector WHERE shop_id = $1 AND (model, dim) <> ($2, $3)"
_INDEX: Final = """
UPDATE ml.vector SET ann = true
WHERE shop_id = $1 AND model = $2 AND dim = $3 AND passage_id IN (
    SELECT passage_id FROM ml.vector
    WHERE shop_id = $1 AND model = $2 AND dim = $3 AND NOT ann ORDER BY passage_id LIMIT $4)
"""
_INDEXED: Final = "UPDATE ml.corpus SET ann = true WHERE shop_id = $1"
FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A passage without a vector of the model, with what is embedded of it."""

    id: UUID
    text: str


async def lacking(
    connection: BatchConnection, shop: UUID, model: str, dim: int, *, after: UUID, most: int
) -> list[Lacking]:
    """In the order of their ids, those behind `after`; from FIRST on, all of them."""
    found = await connection.fetch(_LACKING, shop, model, dim, after, most)
    return [Lacking(**dict(row)) for row in found]


async def count(connection: BatchConnection, shop: UUID) -> int:
    return int(await connection.fetchval(_COUNT, shop))


async def add(
    connection: BatchConnection,
    shop: UUID,
    corpus: CorpusRow,
    passages: Sequence[Lacking],
    vectors: Sequence[NDArray[Any]],
) -> None:
    """Of the passages that are still there, in or out of answers as their documents are now. The
    caller holds the shop."""
    await teach(connection)
    found = await connection.fetch(_STILL, shop, [one.id for one in passages])
    active = {row["id"]: row["active"] for row in found}
    rows = [
        (shop, corpus.model, corpus.dim, active[one.id], False, one.id, packed(vector))
        for one, vector in zip(passages, vectors, strict=True)
        if one.id in active
    ]
    await VECTORS.write(connection, rows)


async def take_over(connection: BatchConnection, shop: UUID, model: str, dim: int) -> None:
    """The caller holds the shop."""
    await connection.execute(_TAKE, shop, model, dim)
    await forget(connection, shop, model, dim)


async def forget(connection: BatchConnection, shop: UUID, model: str, dim: int) -> None:
    """The vectors of every other model."""
    await connection.execute(_FORGET, shop, model, dim)


async def index(connection: BatchConnection, shop: UUID, row: CorpusRow, most: int | None) -> int:
    """How many vectors were put into the index of neighbours; None is all there are."""
    status = await connection.execute(_INDEX, shop, row.model, row.dim, most)
    return int(status.rpartition(" ")[2])


async def indexed(connection: BatchConnection, shop: UUID) -> None:
    await connection.execute(_INDEXED, shop)
