"""Writes down what was said: a batch of events is one transaction, and a replay changes nothing."""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog

from capture import writing
from capture.batch import Batch
from capture.follow_ups import Pairs, pair
from capture.graves import living
from capture.hearings import hear
from capture.humans import Key, teach
from capture.lessons import learn
from capture.merging import Merged, unite
from capture.pairing import Answered, captured, will_be_heard
from capture.people import Disputed, People
from capture.rewriting import rewrite
from capture.thumbs import rate
from config.manners import TakeoverSettings
from events.effects import NOTHING, Delivered, Effects, Outcome, Retry
from events.happened import Happened
from events.manners import MediaRead
from events.vocabulary import MessageReceived
from learning import grading
from store.base import DanglingReference, StoreUnavailable
from store.examples import PER_SHOP
from store.session import BatchConnection, Store
from text.privacy import Recogniser

log = structlog.get_logger()
T = TypeVar("T")
PAUSE_S = 0.5


class Answers(NamedTuple):
    """What a batch's messages, and the voice notes heard in it, are the answers to."""

    pairs: Pairs
    notes: Mapping[UUID, Answered]


@dataclass(frozen=True, slots=True)
class Recorder:
    """`recognisers` find a pack's own kinds of personal data. What the staff write in their own
    chats answers no customer."""

    store: Store
    recognisers: tuple[Recogniser, ...] = ()
    people: People = field(default_factory=People)
    takeover: TakeoverSettings = field(default_factory=TakeoverSettings)

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        try:
            answers = await self._recorded(deliveries)
        except StoreUnavailable as down:
            return [Retry(after=PAUSE_S, reason=str(down))] * len(deliveries)
        return [_outcome(delivered.event, answers) for delivered in deliveries]

    async def _recorded(self, deliveries: Sequence[Delivered]) -> Answers:
        try:
            return await self._record(deliveries)
        except (DanglingReference, Disputed):
            self.people.forget()
            return await self._record(deliveries, careful=True)

    async def _record(self, deliveries: Sequence[Delivered], *, careful: bool = False) -> Answers:
        """With care: products may be gone, and customers may turn out to be one person."""
        merges: list[Merged] = []
        async with self.store.batch() as connection:
            batch = Batch.of(await living(connection, deliveries))
            met = self.people.meet(batch.spoken)
            if careful:
                merges = await unite(connection, batch.spoken)
                batch = await writing.without_lost_products(connection, batch)
            if await self.people.write(connection, met) and not careful:
                raise Disputed
            learning = learn(batch, met.names, self.recognisers)
            lessons = await _meanwhile(writing.heard(connection, batch), learning)
            await writing.replied(connection, batch, lessons)
            told = await teach(
                connection, batch, met.names, own=self.recognisers, knobs=self.takeover
            )
            await writing.followed(connection, batch)
            told = [*told, *await rewrite(connection, batch.changed, self.recognisers)]
            await _shown(connection, told)
            pairs = await pair(connection, lessons.heard)
            await rate(connection, batch, pairs)
            notes = await hear(connection, batch.dealings, self.recognisers)
        self.people.remember(met)
        for one in merges:
            log.info("customers.merged", **_said(one))
        return Answers(pairs, notes)


async def _shown(connection: BatchConnection, told: Sequence[Key]) -> None:
    """What people of the shop answered serves as an example at once, as a correction does."""
    for shop, row in dict.fromkeys(told):
        await grading.teach(connection, shop, row, PER_SHOP)


def _said(one: Merged) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in ("shop", "kept", "merged", "evidence")}


async def _meanwhile(writing_down: Coroutine[None, None, None], learning: Awaitable[T]) -> T:
    """Masking takes the processor, writing takes Postgres: together they take half the time."""
    task = asyncio.create_task(writing_down)
    try:
        return await learning
    finally:
        await task


def _outcome(event: Happened, answers: Answers) -> Effects:
    """A voice note is told of when it has been heard."""
    match event:
        case MessageReceived() if not will_be_heard(event):
            answered = answers.pairs.get((event.shop, event.id))
        case MediaRead():
            answered = answers.notes.get(event.reading.message)
        case _:
            return NOTHING
    follow_up = captured(event, answered) if answered else None
    return Effects(events=(follow_up,)) if follow_up else NOTHING
