"""One batch into Postgres, table after table, each in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from capture import rows, statements
from capture.batch import Batch
from capture.deliveries import STATES, summed
from capture.lessons import TRAINING, Lessons
from events.vocabulary import ReplyDispatched
from store.batches import storable
from store.session import BatchConnection


async def heard(connection: BatchConnection, batch: Batch) -> None:
    received = [rows.message_row(*placed) for placed in batch.received]
    await rows.MESSAGES.write(connection, received)


async def replied(connection: BatchConnection, batch: Batch, lessons: Lessons) -> None:
    """Each reply as it was said, as it may be learned from, and what it cost."""
    said = [
        rows.reply_row(reply, position, masks)
        for (reply, position), masks in zip(batch.replies, lessons.masks, strict=True)
    ]
    await rows.MESSAGES.write(connection, said)
    await TRAINING.write(connection, lessons.rows)


async def followed(connection: BatchConnection, batch: Batch) -> None:
    """What happened to messages after they were said."""
    await _deliver(connection, batch)
    await _edit(connection, batch)
    await _delete(connection, batch)
    await _unsupported(connection, batch)
    await _last_words(connection, batch)


async def _deliver(connection: BatchConnection, batch: Batch) -> None:
    news = summed(batch.told)
    if not news:
        return
    reasons = storable([progress.reason for progress in news.values()])
    platform_ids = storable(["\x1f".join(progress.platform_ids) for progress in news.values()])
    await connection.execute(
        statements.DELIVER,
        [shop for shop, _ in news],
        [reply for _, reply in news],
        [progress.state for progress in news.values()],
        reasons,
        platform_ids,
        [progress.at for progress in news.values()],
        STATES,
    )


async def _edit(connection: BatchConnection, batch: Batch) -> None:
    newest = {
        (event.shop, event.conversation, event.platform_id): (event.text, event.at, position)
        for event, position in batch.edited
    }
    if newest:
        shops, conversations, ids = _columns(newest)
        texts, times, positions = zip(*newest.values(), strict=True)
        await connection.execute(
            statements.EDIT, shops, conversations, storable(ids), storable(texts), times, positions
        )


async def _delete(connection: BatchConnection, batch: Batch) -> None:
    first: dict[tuple[UUID, UUID, str], datetime] = {}
    for event, _ in batch.deleted:
        first.setdefault((event.shop, event.conversation, event.platform_id), event.at)
    if first:
        shops, conversations, ids = _columns(first)
        times = list(first.values())
        await connection.execute(statements.DELETE, shops, conversations, storable(ids), times)


async def _unsupported(connection: BatchConnection, batch: Batch) -> None:
    """Only in a conversation we know: the message has to belong to a customer."""
    asked = [
        (event.shop, event.conversation, event.id, position)
        for event, position in batch.unsupported
    ]
    if asked:
        found = await connection.fetch(statements.HEARD_FROM, *zip(*asked, strict=True))
        known = {(shop, id_) for shop, id_ in found}
        unclear = [
            placed for placed in batch.unsupported if (placed[0].shop, placed[0].id) in known
        ]
        await rows.MESSAGES.write(connection, [rows.unsupported_row(*placed) for placed in unclear])


async def _last_words(connection: BatchConnection, batch: Batch) -> None:
    last: dict[tuple[UUID, UUID], datetime] = {}
    for event in batch.spoken:
        here = event.shop, event.conversation
        last[here] = max(event.at, last.get(here, event.at))
    if last:
        await connection.execute(statements.TOUCH, *_columns(last), list(last.values()))


async def without_lost_products(connection: BatchConnection, batch: Batch) -> Batch:
    """A product may be gone from the catalogue since; the reply that spoke of it is kept."""
    asked = [
        (event.shop, event.generation.product_id)
        for event, _ in batch.replies
        if event.generation.product_id
    ]
    if not asked:
        return batch
    found = await connection.fetch(statements.PRODUCTS, *zip(*asked, strict=True))
    known = {(shop, id_) for shop, id_ in found}
    kept = [
        (event if (event.shop, event.generation.product_id) in known else _forgotten(event), place)
        for event, place in batch.replies
    ]
    return replace(batch, replies=kept)


def _forgotten(event: ReplyDispatched) -> ReplyDispatched:
    how = msgspec.structs.replace(event.generation, product_id=None)
    return msgspec.structs.replace(event, generation=how)


def _columns(keys: Mapping[tuple[Any, ...], object]) -> Sequence[Sequence[Any]]:
    return list(zip(*keys, strict=True))
