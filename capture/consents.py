"""Writes down whether a customer may be written to first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from capture.batch import Placed
from events.manners import ConsentChanged
from store.session import BatchConnection

# Who joined another is that one: the wish counts for the person, whatever name they wrote under.
CONSENT: Final = """
UPDATE app.customer c SET opted_out_at = news.at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS news(shop_id, id, at)
JOIN app.customer known ON known.shop_id = news.shop_id AND known.id = news.id
WHERE c.shop_id = news.shop_id AND c.id = coalesce(known.merged_into, known.id)
"""


async def write(connection: BatchConnection, placed: Sequence[Placed[ConsentChanged]]) -> None:
    """In order: of several wishes the last one counts, on a replay too."""
    wishes: dict[tuple[UUID, UUID], datetime | None] = {}
    for change, _ in placed:
        wishes[change.shop, change.customer] = change.at if change.opted_out else None
    shops, customers = zip(*wishes, strict=True)
    await connection.execute(CONSENT, shops, customers, list(wishes.values()))
