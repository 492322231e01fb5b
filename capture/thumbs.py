"""Thumbs by customers become ratings: a reaction, a tap on a button, a message that is one thumb.

A reaction's rating is made from the reaction as it stands now, so it goes when the reaction does,
and a replay changes nothing. Who only looks on, in a group, rates nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from capture.batch import Batch
from capture.follow_ups import Pairs
from events.happened import caused_by
from store.batches import storable
from store.session import BatchConnection
from text.verdicts import tapped_thumb, thumb

Rated: TypeAlias = tuple[UUID, UUID, UUID, str, int, int, datetime]
"""Shop, the rating's id, the row, how it was said, the thumb, its place, when."""

# A reply travels in several messages, of which any may be reacted to.
REACTED: Final = """
SELECT r.shop_id, t.id, r.sender, r.emoji, r.position, r.at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
       AS news(shop_id, conversation_id, platform_id, sender)
JOIN app.reaction r ON r.shop_id = news.shop_id AND r.conversation_id = news.conversation_id
  AND r.platform_id = news.platform_id AND r.sender = news.sender
JOIN app.conversation c ON c.shop_id = r.shop_id AND c.id = r.conversation_id
CROSS JOIN LATERAL (
  SELECT m.id FROM app.message m
  LEFT JOIN app.delivery d ON d.shop_id = m.shop_id AND d.message_id = m.id
  WHERE m.shop_id = r.shop_id AND m.conversation_id = r.conversation_id AND m.author <> 'customer'
    AND (m.platform_id = r.platform_id OR r.platform_id = ANY (d.platform_ids))
  ORDER BY m.position DESC LIMIT 1
) ours
JOIN ml.training_data t ON t.shop_id = r.shop_id AND t.id = ours.id
WHERE c.chat = r.sender OR EXISTS (
  SELECT FROM app.customer_alias a
  WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id AND a.external_id = r.sender)
"""
# Who taps can only mean a reply of their own conversation.
SAID: Final = """
INSERT INTO ml.rating AS old (shop_id, id, training_id, role, via, thumb, position, updated_at)
SELECT news.shop_id, news.id, t.id, 'customer', news.via, news.thumb, news.position, news.at
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::bigint[],
            $7::timestamptz[], $8::uuid[])
       AS news(shop_id, id, training_id, via, thumb, position, at, conversation_id)
JOIN ml.training_data t ON t.shop_id = news.shop_id AND t.id = news.training_id
  AND t.conversation_id = coalesce(news.conversation_id, t.conversation_id)
ON CONFLICT (shop_id, id) DO UPDATE
SET thumb = excluded.thumb, via = excluded.via, position = excluded.position,
    updated_at = excluded.updated_at, processed = old.processed AND old.thumb = excluded.thumb
WHERE old.position < excluded.position
"""
TAKEN_BACK: Final = """
DELETE FROM ml.rating r USING unnest($1::uuid[], $2::uuid[], $3::bigint[])
       AS news(shop_id, id, position)
WHERE r.shop_id = news.shop_id AND r.id = news.id AND r.position < news.position
"""


async def rate(connection: BatchConnection, batch: Batch, pairs: Pairs) -> None:
    """After reactions, replies and pairs are written."""
    await _reacted(connection, batch)
    said = {one[1]: (*one, conversation) for one, conversation in _said(batch, pairs)}
    await _write(connection, list(said.values()))


async def _reacted(connection: BatchConnection, batch: Batch) -> None:
    keys = [(one.shop, one.conversation, one.platform_id, one.sender.id)
            for one, _ in batch.reactions]  # fmt: skip
    if not keys:
        return
    shops, conversations, messages, senders = zip(*keys, strict=True)
    found = await connection.fetch(
        REACTED, shops, conversations, storable(messages), storable(senders)
    )
    standing: dict[UUID, Rated] = {}
    gone: dict[UUID, tuple[UUID, UUID, int]] = {}
    for shop, training, sender, emoji, position, at in found:
        which, side = caused_by(training, f"reaction:{sender}"), thumb(emoji or "")
        if side is None:
            gone[which] = (shop, which, position)
        else:
            standing[which] = (shop, which, training, "reaction", side, position, at)
    if gone:
        await connection.execute(TAKEN_BACK, *map(list, zip(*gone.values(), strict=True)))
    await _write(connection, [(*one, None) for one in standing.values()])


def _said(batch: Batch, pairs: Pairs) -> Iterator[tuple[Rated, UUID]]:
    """The later word of a customer counts."""
    for message, position in batch.received:
        if message.author != "customer":
            continue
        tap = tapped_thumb(message.action)
        if tap is not None:
            via, (side, training) = "button", tap
        else:
            answered, typed = pairs.get((message.shop, message.id)), thumb(message.text)
            if answered is None or typed is None or answered.author != "bot":
                continue
            via, side, training = "message", typed, answered.training_id
        which = caused_by(training, f"said:{message.sender.id}")
        yield (
            (message.shop, which, training, via, side, position, message.at),
            message.conversation,
        )


async def _write(
    connection: BatchConnection, rated: Sequence[tuple[UUID | str | int | datetime | None, ...]]
) -> None:
    if rated:
        await connection.execute(SAID, *map(list, zip(*rated, strict=True)))
