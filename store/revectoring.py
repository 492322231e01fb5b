"""The statements by which a shop's vectors are replaced, or put into the index of neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray

from store.passages import VECTORS
from store.session import BatchConnection
from store.vectors import packed, teach

_LACKING: Final = """
SELECT p.id, d.title || '. ' || p.heading || '. ' || p.text AS text, d.active
FROM ml.passage p JOIN ml.document d ON d.shop_id = p.shop_id AND d.id = p.document_id
WHERE p.shop_id = $1 AND NOT EXISTS (
    SELECT FROM ml.vector v WHERE v.shop_id = $1 AND v.model = $2 AND v.passage_id = p.id)
ORDER BY p.id LIMIT $3
"""
_COUNT: Final = "SELECT count(*) FROM ml.passage WHERE shop_id = $1"
_TAKE: Final = "UPDATE ml.corpus SET model = $2, dim = $3, ann = false WHERE shop_id = $1"
_FORGET: Final = "DELETE FROM ml.vector WHERE shop_id = $1 AND model <> $2"
_INDEX: Final = """
UPDATE ml.vector SET ann = true
WHERE shop_id = $1 AND model = $2 AND passage_id IN (
    SELECT passage_id FROM ml.vector WHERE shop_id = $1 AND model = $2 AND NOT ann
    ORDER BY passage_id LIMIT $3)
"""
_INDEXED: Final = "UPDATE ml.corpus SET ann = true WHERE shop_id = $1"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A passage without a vector of the model, with what is embedded of it."""

    id: UUID
    text: str
    active: bool


async def lacking(connection: BatchConnection, shop: UUID, model: str, most: int) -> list[Lacking]:
    return [Lacking(**dict(row)) for row in await connection.fetch(_LACKING, shop, model, most)]


async def count(connection: BatchConnection, shop: UUID) -> int:
    return int(await connection.fetchval(_COUNT, shop))


async def add(
    connection: BatchConnection,
    shop: UUID,
    model: str,
    dim: int,
    passages: Sequence[Lacking],
    vectors: Sequence[NDArray[Any]],
) -> None:
    await teach(connection)
    rows = [
        (shop, model, dim, one.active, False, one.id, packed(vector))
        for one, vector in zip(passages, vectors, strict=True)
    ]
    await VECTORS.write(connection, rows)


async def take_over(connection: BatchConnection, shop: UUID, model: str, dim: int) -> None:
    """The caller holds the shop."""
    await connection.execute(_TAKE, shop, model, dim)
    await connection.execute(_FORGET, shop, model)


async def index(connection: BatchConnection, shop: UUID, model: str, most: int) -> int:
    """How many vectors were put into the index of neighbours."""
    status = await connection.execute(_INDEX, shop, model, most)
    return int(status.rpartition(" ")[2])


async def indexed(connection: BatchConnection, shop: UUID) -> None:
    await connection.execute(_INDEXED, shop)
