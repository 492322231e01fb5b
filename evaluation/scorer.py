"""Scores replies from what their customers wrote next, and keeps every judgement."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from evaluation.caching import Judged, keep
from evaluation.combining import combined
from evaluation.learned import TrainedScorers
from evaluation.scoring import Judgement, Signal
from evaluation.words import Learned, Said, Voice, voices
from events.effects import NOTHING, Delivered, Effects, Outcome, Retry
from events.happened import caused_by
from events.vocabulary import FollowUpCaptured, ReplyScored
from services.clock import Clock, now
from store.base import StoreUnavailable
from store.session import Store

PAUSE_S = 0.5
BREATH = 16  # texts between two moments in which the process may do other work


@dataclass(frozen=True, slots=True)
class Heard:
    """A next message, and what each of those who read words says of it."""

    event: FollowUpCaptured
    voices: tuple[Voice, ...]

    def judged(self) -> list[Judged]:
        return [
            Judged(self.event.shop, self.event.training_id, one.scorer, one.version, one.judgement)
            for one in self.voices
        ]

    def together(self) -> Judgement:
        return combined({one.scorer: one.judgement for one in self.voices}).judgement


@dataclass(frozen=True, slots=True)
class Scorer:
    """`signals` are a shop's own evidence, added to the lexicon's; `trained` knows which shop has
    learned to judge by itself."""

    store: Store
    signals: Sequence[Signal] = ()
    clock: Clock = now
    trained: TrainedScorers | None = None

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        heard: dict[UUID, Heard] = {}
        try:
            for place, delivered in enumerate(deliveries):
                if place % BREATH == 0:
                    await asyncio.sleep(0)
                if isinstance(delivered.event, FollowUpCaptured):
                    heard[delivered.event.id] = await self.hear(delivered.event)
            await self._keep(list(heard.values()), self.clock())
        except StoreUnavailable as down:
            return [Retry(after=PAUSE_S, reason=str(down))] * len(deliveries)
        return [_outcome(heard.get(delivered.event.id)) for delivered in deliveries]

    async def hear(self, event: FollowUpCaptured) -> Heard:
        said = Said(event.text, event.reply_text, event.content)
        return Heard(event, voices(said, self.signals, await self._learned(event.shop)))

    async def close(self) -> None:
        if self.trained is not None:
            await self.trained.close()

    async def _learned(self, shop: UUID) -> Learned | None:
        if self.trained is None:
            return None
        return (await self.trained.of(shop)).learned

    async def _keep(self, heard: Sequence[Heard], moment: datetime) -> None:
        """Only what is new changes a row: a replay must not hide what was said later."""
        if heard:
            async with self.store.batch() as connection:
                await keep(connection, [one for each in heard for one in each.judged()], moment)


def _outcome(heard: Heard | None) -> Effects:
    if heard is None:
        return NOTHING
    event, judgement = heard.event, heard.together()
    scored = ReplyScored(
        id=caused_by(event.id, "score"),
        shop=event.shop,
        account=event.account,
        conversation=event.conversation,
        request_id=event.request_id,
        turn=event.turn,
        at=event.at,
        received_at=event.received_at,
        training_id=event.training_id,
        score=judgement.score,
        label=judgement.label,
        confidence=judgement.confidence,
        successful=judgement.successful,
        evidence=tuple(f"{one.rule}: {one.text}" for one in judgement.evidence),
    )
    return Effects(events=(scored,))
