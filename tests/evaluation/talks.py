"""Conversations that were captured and judged by the lexicon, for those who judge after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from capture.recorder import Recorder
from evaluation.scorer import Scorer
from events.effects import Delivered
from events.vocabulary import FollowUpCaptured
from store.session import Store
from tests.capture.talk import START, Talk, capture

REPLY = "Sí, a $9.990. Sale hoy mismo."
LATER = START + timedelta(minutes=30)
MUCH_LATER = START + timedelta(days=2)


@dataclass(frozen=True)
class Rows:
    """What is in the store, as the tests ask for it."""

    store: Store

    async def all(self, query: str, *given: object) -> list[Any]:
        async with self.store.batch() as connection:
            return [tuple(row) for row in await connection.fetch(query, *given)]

    async def cached(self) -> dict[str, tuple[int | None, str | None]]:
        """What counts for each reply, by what was said after it."""
        query = "SELECT user_feedback, quality_score, quality_label FROM ml.training_data"
        return {said: (score, label) for said, score, label in await self.all(query)}

    async def said_by(self, scorer: str) -> list[tuple[int | None, str]]:
        query = "SELECT score, label FROM ml.score WHERE scorer = $1 ORDER BY training_id"
        return await self.all(query, scorer)

    async def place(self) -> None:
        """Rows came when they were said, not when the test ran."""
        async with self.store.batch() as connection:
            await connection.execute("UPDATE ml.training_data SET created_at = dispatched_at")


async def talked(
    store: Store, shop: UUID, *texts: str, name: str = "ana", at: datetime = LATER
) -> list[FollowUpCaptured]:
    """A reply before each text, and the lexicon's word on it."""
    talk = Talk(shop, name)
    batch = [talk.says("¿tienen poleras?")]
    for text in texts:
        batch += [talk.replies(REPLY), talk.says(text)]
    return await heard(store, batch, at)


async def heard(
    store: Store, batch: Sequence[Delivered], at: datetime = LATER
) -> list[FollowUpCaptured]:
    events = await capture(Recorder(store), *batch)
    await Scorer(store, clock=lambda: at).on_batch([Delivered(event, 1) for event in events])
    await Rows(store).place()
    return events
