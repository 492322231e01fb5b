"""What happened to messages and conversations after they were written down."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from capture import statements
from capture.batch import Batch, Changed, Placed
from events.vocabulary import MessageDeleted, MessageEdited
from store import afterwards
from store.batches import BatchInsert, storable
from store.session import BatchConnection

REACTIONS = BatchInsert.into(
    afterwards.Reaction,
    "shop_id", "conversation_id", "platform_id", "sender", "emoji", "at", "position",
    conflict="(shop_id, conversation_id, platform_id, sender) DO UPDATE SET emoji = excluded.emoji,"
    " at = excluded.at, position = excluded.position WHERE old.position < excluded.position",
)  # fmt: skip
WITHHELD = BatchInsert.into(
    afterwards.Withheld, "shop_id", "reply_id", "conversation_id", "reason", "at"
)


async def known(connection: BatchConnection, batch: Batch) -> Batch:
    """Without what is told of conversations in which nobody has spoken: it belongs to no one."""
    asked = [
        (event.shop, event.conversation, event.id, position) for event, position in batch.asides
    ]
    if not asked:
        return batch
    found = await connection.fetch(statements.HEARD_FROM, *zip(*asked, strict=True))
    heard = {(shop, id_) for shop, id_ in found}
    kept = {
        name: [placed for placed in getattr(batch, name) if (placed[0].shop, placed[0].id) in heard]
        for name in ("statuses", "withheld", "reactions", "reached", "unsupported", "dealings")
    }
    return replace(batch, **kept)


async def change(connection: BatchConnection, changed: Sequence[Placed[Changed]]) -> None:
    """Several changes of one message are made one after the other; that is rare."""
    rounds: list[list[Placed[Changed]]] = []
    seen: Counter[tuple[UUID, UUID, str]] = Counter()
    for event, position in changed:
        message = event.shop, event.conversation, event.platform_id
        if seen[message] == len(rounds):
            rounds.append([])
        rounds[seen[message]].append((event, position))
        seen[message] += 1
    for one in rounds:
        await _edit(connection, one)
        await _delete(connection, one)


async def _edit(connection: BatchConnection, changed: Sequence[Placed[Changed]]) -> None:
    edits = [
        (event.shop, event.conversation, event.platform_id, event.text, event.at, position)
        for event, position in changed
        if isinstance(event, MessageEdited)
    ]
    if edits:
        shops, conversations, ids, texts, *places = zip(*edits, strict=True)
        await connection.execute(
            statements.EDIT, shops, conversations, storable(ids), storable(texts), *places
        )


async def _delete(connection: BatchConnection, changed: Sequence[Placed[Changed]]) -> None:
    deletions = [
        (event.shop, event.conversation, event.platform_id, event.at, position)
        for event, position in changed
        if isinstance(event, MessageDeleted)
    ]
    if deletions:
        shops, conversations, ids, *places = zip(*deletions, strict=True)
        await connection.execute(statements.DELETE, shops, conversations, storable(ids), *places)


async def react(connection: BatchConnection, batch: Batch) -> None:
    newest = {}
    for event, position in batch.reactions:
        message, sender = storable([event.platform_id, event.sender.id])
        key = event.shop, event.conversation, message, sender
        newest[key] = (*key, event.emoji, event.at, position)
    await REACTIONS.write(connection, sorted(newest.values()))


async def reach(connection: BatchConnection, batch: Batch) -> None:
    """Whether we can write to a conversation: what the network told last, or the customer did."""
    newest = {
        (event.shop, event.conversation): (event.reachable, event.at, position)
        for event, position in batch.reached
    }
    if newest:
        await connection.execute(
            statements.REACH, *zip(*newest, strict=True), *zip(*newest.values(), strict=True)
        )


async def touch(connection: BatchConnection, batch: Batch) -> None:
    """After `reach`: the customer's next message makes up for it."""
    last: dict[tuple[UUID, UUID], datetime] = {}
    spoke: dict[tuple[UUID, UUID], int] = {}
    for event in batch.spoken:
        here = event.shop, event.conversation
        last[here] = max(event.at, last.get(here, event.at))
    for message, position in batch.received:
        if message.author == "customer" and message.content != "unsupported":
            spoke[message.shop, message.conversation] = position
    if last:
        places = [spoke.get(here) for here in last]
        await connection.execute(
            statements.TOUCH, *zip(*last, strict=True), list(last.values()), places
        )


async def withhold(connection: BatchConnection, batch: Batch) -> None:
    await WITHHELD.write(
        connection,
        [
            (event.shop, event.reply, event.conversation, event.reason, event.at)
            for event, _ in batch.withheld
        ],
    )
