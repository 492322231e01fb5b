"""Writes down how far replies got: what our sender tells of them, and what the network tells."""

from collections.abc import Sequence

from capture import statements
from capture.batch import Batch
from capture.deliveries import ARRIVED, STATES, Sent, Status, statuses, summed
from store.batches import storable
from store.session import BatchConnection

WORST_FIRST = ("failed", "sent", *ARRIVED)


async def deliver(connection: BatchConnection, batch: Batch) -> None:
    """After the batch's replies are written. Most networks never tell, which costs nothing then."""
    said = statuses(event for event, _ in batch.statuses)
    await _hear(connection, said)
    settled = await _tell(connection, batch)
    if settled or said:
        shops, conversations, ids = zip(*said, strict=True) if said else ((), (), ())
        await connection.execute(
            statements.SETTLE,
            [shop for shop, _ in settled],
            [reply for _, reply in settled],
            shops,
            conversations,
            storable(ids),
            WORST_FIRST,
        )


async def _tell(connection: BatchConnection, batch: Batch) -> Sequence[tuple[object, object]]:
    news = summed(batch.told)
    if not news:
        return []
    shops, conversations, replies = zip(*news, strict=True)
    reasons = storable([progress.reason for progress in news.values()])
    platform_ids = storable(["\x1f".join(progress.platform_ids) for progress in news.values()])
    found = await connection.fetch(
        statements.DELIVER,
        shops,
        conversations,
        replies,
        [progress.state for progress in news.values()],
        reasons,
        platform_ids,
        [progress.at for progress in news.values()],
        [progress.parts for progress in news.values()],
        STATES,
    )
    return [(shop, reply) for shop, reply in found]


async def _hear(connection: BatchConnection, said: dict[Sent, Status]) -> None:
    if not said:
        return
    shops, conversations, ids = zip(*said, strict=True)
    key = shops, conversations, storable(ids)
    words = list(said.values())
    word = (
        [status.state for status in words],
        storable([status.reason for status in words]),
        [status.at for status in words],
    )
    ours = [status.reply for status in words], [status.part for status in words]
    await connection.execute(statements.TELL, *key, *ours, *word)
    arrivals = [status.arrived for status in words], [status.arrived_at for status in words]
    await connection.execute(statements.TELL_MORE, *key, *ours, *word, *arrivals)
