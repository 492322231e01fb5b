"""Documents that a worker reads later: left, taken up, refused."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from store.batches import storable
from store.session import BatchConnection

_LEAVE: Final = """
INSERT INTO ml.document (shop_id, id, title, file_name, format, size, sha256, text, pages, passages,
    waiting, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, '', '', 0, 0, $7::jsonb, $8::text::timestamptz)
ON CONFLICT (shop_id, id) DO UPDATE SET waiting = excluded.waiting, problem = NULL
"""
_LEFT: Final = "SELECT waiting::text FROM ml.document WHERE shop_id = $1 AND id = $2"
_SETTLE: Final = """
UPDATE ml.document SET waiting = NULL, problem = $4
WHERE shop_id = $1 AND id = $2 AND waiting->>'at' = $3
"""
_UPLOADED: Final = """
SELECT at FROM (
  (SELECT number, at FROM app.audit_event WHERE shop_id = $1 AND action = 'document.uploaded'
   ORDER BY number DESC LIMIT $2 + 1)
  UNION ALL
  (SELECT number, at FROM app.audit_event WHERE shop_id = $1 AND action = 'catalogue.uploaded'
   ORDER BY number DESC LIMIT $2 + 1)
) AS newest ORDER BY number DESC OFFSET $2 LIMIT 1
"""
_KEPT: Final = """
SELECT EXISTS (SELECT FROM ml.document
    WHERE shop_id = $1 AND (stored = $2 OR waiting->>'stored' = $2))
"""


@dataclass(frozen=True, slots=True)
class Left:
    """A kept file with what was said of it; `at` tells it from others of the same name."""

    stored: str
    at: str
    name: str
    title: str
    description: str
    origin: str
    size: int
    lapses_at: str | None = None


async def leave(
    connection: BatchConnection, shop: UUID, document: UUID, left: Left, *, shown_as: str, kind: str
) -> None:
    """The caller holds the shop."""
    title, name = storable([shown_as, left.name])
    kept = {key: _storable(value) for key, value in asdict(left).items()}
    await connection.execute(
        _LEAVE, shop, document, title, name, kind, left.size, json.dumps(kept), left.at
    )


def _storable(value: str | int | None) -> str | int | None:
    return storable([value])[0] if isinstance(value, str) else value


async def left_for(connection: BatchConnection, shop: UUID, document: UUID) -> Left | None:
    told = await connection.fetchval(_LEFT, shop, document)
    return Left(**json.loads(told)) if told else None


async def settle(
    connection: BatchConnection, shop: UUID, document: UUID, at: str, problem: str | None
) -> bool:
    """It waits no more; False when another file has taken its place."""
    status = await connection.execute(_SETTLE, shop, document, at, problem)
    return status != "UPDATE 0"


async def uploaded(connection: BatchConnection, shop: UUID, count: int) -> datetime | None:
    """When the file came that is the `count`th of the newest, of those that the audit knows: the
    documents and products that people and programs sent, not the terminal nor the bot itself."""
    found: datetime | None = await connection.fetchval(_UPLOADED, shop, count - 1)
    return found


async def kept(connection: BatchConnection, shop: UUID, place: str) -> bool:
    """Whether a document needs the file kept there."""
    return bool(await connection.fetchval(_KEPT, shop, place))
