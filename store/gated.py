"""What the offline gates said of a version, where it was evaluated on its shop's own golden set."""

from typing import Final
from uuid import UUID

from store.session import BatchConnection

_LAST: Final = """
SELECT r.id, r.verdict FROM ml.eval_run r
JOIN ml.eval_set s ON s.shop_id = r.shop_id AND s.id = r.set_id
JOIN app.shop o ON o.id = r.shop_id AND split_part(o.pack, '/', -1) = s.pack
WHERE r.shop_id = $1 AND r.version_id = $2 AND r.kind = 'golden' AND r.split = 'test'
  AND r.state = 'done'
ORDER BY r.created_at DESC LIMIT 1
"""


async def last_verdict(
    connection: BatchConnection, shop: UUID, version: UUID
) -> tuple[UUID, str] | None:
    """The newest run over the test set of the shop's pack, whatever other cases it was given:
    `passed`, `failed` or `not_enough`."""
    found = await connection.fetchrow(_LAST, shop, version)
    return (found["id"], found["verdict"]) if found is not None else None
