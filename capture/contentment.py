"""Writes down when customers were asked how content they are, and what they answered."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from capture.batch import Batch, Placed
from events.manners import SatisfactionGiven
from store.batches import BatchInsert, storable
from store.satisfaction import Csat
from store.session import BatchConnection
from text.verdicts import tapped_stars

ASKED: Final = BatchInsert.into(Csat, "shop_id", "id", "conversation_id", "asked_at")
# Who answers can only mean the question of their own conversation. A comment may come later.
GIVEN: Final = """
UPDATE app.csat c
SET stars = coalesce($4, c.stars), comment = coalesce(nullif($5, ''), c.comment),
    answered_at = coalesce(c.answered_at, $6), position = $7
WHERE c.shop_id = $1 AND c.id = $2 AND c.conversation_id = $3 AND coalesce(c.position, 0) < $7
"""
Given: TypeAlias = tuple[UUID, UUID, UUID, int | None, str, datetime, int]


async def ask(connection: BatchConnection, batch: Batch) -> None:
    """After the conversations are written; a person of the shop asks by themselves."""
    questions = [
        (reply.shop, reply.reply, reply.conversation, reply.at)
        for reply, _ in batch.replies
        if reply.purpose == "csat" and reply.author == "bot"
    ]
    await ASKED.write(connection, questions)


async def tap(connection: BatchConnection, batch: Batch) -> None:
    """A tap counts whatever else is going on: while a person has the word, too."""
    await _write(connection, list(_tapped(batch)))


async def write(connection: BatchConnection, placed: Sequence[Placed[SatisfactionGiven]]) -> None:
    """What was typed, as whoever answered it understood it."""
    given = [
        (one.shop, one.question, one.conversation, one.stars, one.comment, one.at, position)
        for one, position in placed
    ]
    await _write(connection, given)


def _tapped(batch: Batch) -> Iterator[Given]:
    for message, position in batch.received:
        found = tapped_stars(message.action) if message.author == "customer" else None
        if found is not None:
            given, question = found
            yield (
                message.shop, question, message.conversation, given, "", message.at, position
            )  # fmt: skip


async def _write(connection: BatchConnection, given: Sequence[Given]) -> None:
    """Few, and of one question in order."""
    for shop, question, conversation, count, comment, at, position in given:
        [kept] = storable([comment])
        await connection.execute(GIVEN, shop, question, conversation, count, kept, at, position)
