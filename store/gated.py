"""What the offline gates said of a version, where its shop has evaluated it."""

from typing import Final
from uuid import UUID

from store.session import BatchConnection

_LAST: Final = """
SELECT id, verdict FROM ml.eval_run
WHERE shop_id = $1 AND version_id = $2 AND kind = 'golden' AND split = 'test' AND state = 'done'
ORDER BY created_at DESC LIMIT 1
"""


async def last_verdict(
    connection: BatchConnection, shop: UUID, version: UUID
) -> tuple[UUID, str] | None:
    """The newest run over the golden test set: `passed`, `failed` or `not_enough`."""
    found = await connection.fetchrow(_LAST, shop, version)
    return (found["id"], found["verdict"]) if found is not None else None
