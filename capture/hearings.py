"""What a voice note says is the customer's word too: it scores the reply that it follows.

The note itself was paired with its reply when it came; its words are known when somebody has heard
it, which every note is told of (`MediaRead`), heard or not.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from capture.batch import Placed
from capture.masking import Mask
from capture.pairing import VOICE, Answered
from events.happened import Happened
from events.manners import MediaRead
from store.session import BatchConnection
from text.privacy import Recogniser

# The reply is the last one before the note; another message may have answered it already.
PAIRED: Final = """
SELECT news.shop_id, news.id, reply.id, reply.turn_id, reply.author, reply.user_message,
       reply.bot_response, said.masks, customer.name
FROM unnest($1::uuid[], $2::uuid[]) AS news(shop_id, id)
JOIN app.message m ON m.shop_id = news.shop_id AND m.id = news.id
JOIN app.conversation talk ON talk.shop_id = m.shop_id AND talk.id = m.conversation_id
JOIN app.customer customer
  ON customer.shop_id = talk.shop_id AND customer.id = talk.customer_id
CROSS JOIN LATERAL (
  SELECT t.* FROM ml.training_data t
  WHERE t.shop_id = m.shop_id AND t.conversation_id = m.conversation_id
    AND t.position < m.position
  ORDER BY t.position DESC LIMIT 1
) reply
LEFT JOIN app.message said ON said.shop_id = reply.shop_id AND said.id = reply.id
WHERE reply.follow_up_id = news.id
"""
FEEDBACK: Final = """
UPDATE ml.training_data t
SET user_feedback = coalesce(nullif(t.user_feedback, ''), news.feedback)
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS news(shop_id, id, feedback)
WHERE t.shop_id = news.shop_id AND t.id = news.id
"""


async def hear(
    connection: BatchConnection, dealings: Sequence[Placed[Any]], own: tuple[Recogniser, ...]
) -> dict[UUID, Answered]:
    """By the note: the row that it answers, with its words masked as the row's other texts are."""
    notes = {one.reading.message: one for one, _ in dealings if is_note(one)}
    if not notes:
        return {}
    shops = [one.shop for one in notes.values()]
    found: dict[UUID, Answered] = {}
    rows = []
    for shop, note, row, turn, author, question, reply, masks, name in await connection.fetch(
        PAIRED, shops, list(notes)
    ):
        words = Mask((name,), own, masks or {})(notes[note].reading.text)
        found[note] = Answered(row, turn, author, question, reply, words)
        rows.append((shop, row, words))
    if rows:
        await connection.execute(FEEDBACK, *map(list, zip(*rows, strict=True)))
    return found


def is_note(event: Happened) -> bool:
    return isinstance(event, MediaRead) and event.reading.content in VOICE
