"""Keeps good answers as examples for the prompts of later ones, and forgets those that were not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from events.effects import NOTHING, Delivered, Outcome, Retry
from events.vocabulary import ReplyScored
from learning.exemplary import useful
from llm.embeddings import OFFLINE_MODEL, hashed
from store import examples
from store.base import StoreUnavailable
from store.session import BatchConnection, Store

Key: TypeAlias = tuple[UUID, UUID]
"""A shop and a reply of it."""
PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Exemplars:
    store: Store

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        scored = {
            (event.shop, event.training_id): event
            for event in (delivered.event for delivered in deliveries)
            if isinstance(event, ReplyScored)
        }
        try:
            await self._keep(list(scored.values()))
        except StoreUnavailable as down:
            return [Retry(after=PAUSE_S, reason=str(down))] * len(deliveries)
        return [NOTHING] * len(deliveries)

    async def _keep(self, scored: Sequence[ReplyScored]) -> None:
        judged = [(one.shop, one.training_id) for one in scored if one.score is not None]
        async with self.store.batch() as connection:
            await learn(connection, judged)


async def learn(connection: BatchConnection, judged: Sequence[Key]) -> None:
    """Of replies whose judgement is new: what is good is kept, whatever says so, and what is not
    is forgotten. Where a person wrote a better answer, that one is the example."""
    good = useful(await examples.good(connection, judged))
    kept = {(one.shop, one.training) for one in good}
    await examples.forget(connection, sorted(set(judged) - kept))
    for one in good:
        await examples.keep(connection, one, OFFLINE_MODEL, hashed(one.question))
    for shop in {one.shop for one in good}:
        await examples.trim(connection, shop)
