"""A person of the shop edits or takes back what they wrote: what it taught changes along.

The answer is put together anew from its messages as they stand now, so a replay changes nothing.
One of which nothing is left teaches nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from capture.batch import Changed, Placed
from capture.lessons import as_json
from capture.masking import Mask
from store.batches import storable
from store.session import BatchConnection
from text.privacy import Recogniser

# The answer that a changed message is part of begins with one message and goes as far as its place.
PARTS: Final = """
WITH touched AS (
  SELECT DISTINCT t.shop_id, t.id, t.conversation_id, t.position, t.user_message
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS news(shop_id, conversation_id, platform_id)
  JOIN app.message m ON m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
    AND m.platform_id = news.platform_id AND m.author = 'human'
  CROSS JOIN LATERAL (
    SELECT r.* FROM ml.training_data r
    WHERE r.shop_id = m.shop_id AND r.conversation_id = m.conversation_id
      AND r.position >= m.position
    ORDER BY r.position LIMIT 1
  ) t
  JOIN app.message first ON first.shop_id = t.shop_id AND first.id = t.id
  WHERE t.author = 'human' AND first.position <= m.position
)
SELECT touched.shop_id, touched.id, touched.user_message, m.id, m.text, m.masks, c.name
FROM touched
JOIN app.message first ON first.shop_id = touched.shop_id AND first.id = touched.id
JOIN app.message m ON m.shop_id = touched.shop_id AND m.conversation_id = touched.conversation_id
  AND m.position BETWEEN first.position AND touched.position
  AND m.author = 'human' AND m.content <> 'service'
JOIN app.conversation talk ON talk.shop_id = m.shop_id AND talk.id = m.conversation_id
JOIN app.customer c ON c.shop_id = talk.shop_id AND c.id = talk.customer_id
ORDER BY touched.shop_id, touched.id, m.position
"""
REWRITE: Final = """
UPDATE ml.training_data t SET bot_response = news.text
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS news(shop_id, id, text)
WHERE t.shop_id = news.shop_id AND t.id = news.id AND t.bot_response <> news.text
"""
TAGS: Final = """
UPDATE app.message m SET masks = news.masks::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS news(shop_id, id, masks)
WHERE m.shop_id = news.shop_id AND m.id = news.id
  AND CASE WHEN m.deleted_at IS NULL THEN true ELSE false END
"""
NAMED: Final = "[NOMBRE"


class Part(NamedTuple):
    """One message of an answer, with the row's question and its customer's name."""

    shop: UUID
    row: UUID
    question: str
    id: UUID
    text: str
    masks: Mapping[str, str] | None
    name: str | None


async def rewrite(
    connection: BatchConnection, changed: Sequence[Placed[Changed]], own: tuple[Recogniser, ...]
) -> Sequence[tuple[UUID, UUID]]:
    """After the changes are written to the messages. The rows that they are part of."""
    if not changed:
        return ()
    news = [(one.shop, one.conversation, one.platform_id) for one, _ in changed]
    shops, conversations, messages = zip(*news, strict=True)
    answers: dict[tuple[UUID, UUID], list[Part]] = defaultdict(list)
    for row in await connection.fetch(PARTS, shops, conversations, storable(messages)):
        part = Part(*row)
        answers[part.shop, part.row].append(part)
    texts = [(shop, row, *_anew(parts, own)) for (shop, row), parts in answers.items()]
    if not texts:
        return ()
    shops, rows, said, _ = zip(*texts, strict=True)
    await connection.execute(REWRITE, shops, rows, storable(said))
    tagged = [(shop, row, tags) for shop, row, _, tags in texts if tags]
    if tagged:
        await connection.execute(TAGS, *map(list, zip(*tagged, strict=True)))
    return list(answers)


def _anew(parts: Sequence[Part], own: tuple[Recogniser, ...]) -> tuple[str, str]:
    """The answer's text, and the tags in it as JSON; by the tags that it had."""
    known = {tag: value for part in parts for tag, value in (part.masks or {}).items()}
    names = [value for tag, value in known.items() if tag.startswith(NAMED)]
    mask = Mask((parts[0].name, *names), own, known)
    mask.tags.reserve(parts[0].question)
    text = "\n".join(mask(part.text) for part in parts if part.text)
    return text, as_json(mask.tags.known) if mask.tags.known else ""
