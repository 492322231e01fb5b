"""Whoever writes again is open again, however the shop's people had put the conversation away."""

from typing import Final
from uuid import UUID

from capture.batch import Batch
from store.session import BatchConnection

# In the order of the keys, so that two batches never wait for each other's rows.
REOPEN: Final = """
WITH again AS MATERIALIZED (
  SELECT s.shop_id, s.conversation_id, news.at
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS news(shop_id, id, at)
  JOIN app.conversation_state s ON s.shop_id = news.shop_id AND s.conversation_id = news.id
  WHERE s.state <> 'open' AND s.at < news.at
  ORDER BY s.shop_id, s.conversation_id FOR UPDATE OF s
)
UPDATE app.conversation_state s SET state = 'open', until = NULL, at = again.at, by = ''
FROM again WHERE s.shop_id = again.shop_id AND s.conversation_id = again.conversation_id
"""


async def reopen(connection: BatchConnection, batch: Batch) -> None:
    newest = {
        (event.shop, event.conversation): event.received_at
        for event, _ in batch.received
        if event.author == "customer"
    }
    if newest:
        shops: list[UUID] = [shop for shop, _ in newest]
        talks = [talk for _, talk in newest]
        await connection.execute(REOPEN, shops, talks, list(newest.values()))
