"""Answers of the bot that something can be learned from, found where they stand."""

from typing import Any
from uuid import UUID

from learning.grading import ReplyUnknown, known
from store.session import Store


async def of_conversation(
    store: Store, shop: UUID, conversation: UUID, reply: UUID
) -> dict[str, Any] | None:
    """None where nothing is learned from it, or it stands elsewhere."""
    try:
        async with store.lookup() as connection:
            row = await known(connection, shop, reply)
    except ReplyUnknown:
        return None
    return row if row["conversation_id"] == conversation else None
