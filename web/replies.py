"""Answers of the bot that something can be learned from, found where they stand."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from learning.grading import ReplyUnknown, known
from store.ml import TrainingData
from store.session import Store

BEFORE: Final = 8
"""Lines that stand beside a question."""


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


async def before(store: Store, shop: UUID, reply: UUID) -> Sequence[str]:
    """What was said last before the question, without personal data, as the answer was given it."""
    async with store.tenant(shop) as session:
        row = await session.get(TrainingData, (shop, reply))
        return (row.context.get("history") or [])[-BEFORE:] if row is not None else []
