"""One batch into Postgres, table after table, each in one statement."""

from dataclasses import replace

import msgspec

from capture import afterwards, contentment, dealings, reopening, rows, statements
from capture.batch import Batch
from capture.lessons import LINKS, TRAINING, Lessons
from capture.telling import deliver
from events.vocabulary import ReplyDispatched
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
    await contentment.ask(connection, batch)
    await TRAINING.write(connection, lessons.rows)
    await LINKS.write(connection, lessons.links)


async def followed(connection: BatchConnection, batch: Batch) -> None:
    """What happened to messages after they were said."""
    known = await afterwards.known(connection, batch)
    await deliver(connection, known)
    await afterwards.change(connection, batch.changed)
    await afterwards.react(connection, known)
    await contentment.tap(connection, batch)
    await afterwards.withhold(connection, known)
    await rows.MESSAGES.write(
        connection, [rows.unsupported_row(*placed) for placed in known.unsupported]
    )
    await afterwards.reach(connection, known)
    await dealings.write(connection, known.dealings)
    await afterwards.touch(connection, batch)
    await reopening.reopen(connection, batch)


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
