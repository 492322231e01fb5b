"""Writes down that a person is needed; who takes part afterwards has answered it (silences.py)."""

from collections.abc import Sequence
from typing import Final

from capture.batch import Placed
from events.manners import HandedOver
from store.batches import storable
from store.session import BatchConnection

LINE: Final = "\x1f"
# The same hand-over comes again with every repeated turn: the first one stands.
KEEP: Final = """
INSERT INTO app.hand_over (shop_id, id, conversation_id, reason, question, summary, at)
SELECT one.shop_id, one.id, one.conversation_id, one.reason, one.question,
       string_to_array(one.summary, chr(31)), one.at
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
            $7::timestamptz[])
       AS one(shop_id, id, conversation_id, reason, question, summary, at)
ON CONFLICT DO NOTHING
"""


async def write(connection: BatchConnection, handed: Sequence[Placed[HandedOver]]) -> None:
    news = [event for event, _ in handed]
    await connection.execute(
        KEEP,
        [one.shop for one in news],
        [one.id for one in news],
        [one.conversation for one in news],
        [one.reason for one in news],
        storable([one.question for one in news]),
        storable([LINE.join(line.replace(LINE, " ") for line in one.summary) for one in news]),
        [one.at for one in news],
    )
