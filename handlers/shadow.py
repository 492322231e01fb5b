"""A candidate answers what was answered already: stored and checked like any reply, never sent.

It hears of a turn when its reply has left, so nobody waits for it. When it is slow, turns pass by.
"""

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import msgspec
import structlog

from config.rollout import RolloutSettings
from events.contents import TurnMessage
from events.effects import NOTHING, Outcome
from events.happened import caused_by
from events.vocabulary import ReplyDispatched, TurnReady
from handlers.answering import Answering, VersionOf
from handlers.drafting import Answer
from handlers.reading import Reader
from handlers.steps import Asked, Situations, answered
from learning.rollout import sampled
from learning.router import Models
from learning.serving import Known, Roster, Running, Versions
from llm.base import Completion, LanguageModel, ModelError, ModelUnavailable, Payer, Request
from services.clock import Clock, now
from store import shadows
from store.base import StoreError
from store.batches import Row
from store.session import Store
from text.privacy import scrub

log = structlog.get_logger()
MICROS: Final = 1_000_000
PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Apart:
    """The candidate, paid for by the shop: no customer's budget goes for what they do not get."""

    model: LanguageModel
    name: str = field(default="shadow", init=False)

    async def complete(self, request: Request) -> Completion:
        """Raises a ModelError."""
        payer = Payer(request.payer.shop, "shadow") if request.payer else None
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self.model.complete(replace(request, payer=payer))
        except TimeoutError as error:
            raise ModelUnavailable(f"no answer within {PATIENCE_S:.0f} s") from error

    async def close(self) -> None:
        """It belongs to the versions."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Which candidate is meant for a shop, and the models behind it."""

    versions: Versions
    models: Models
    store: Store


@dataclass(frozen=True, slots=True)
class Shadow:
    """`room` bounds how many turns it answers at once, in this process."""

    reader: Reader
    answering: Answering
    situations: Situations
    candidates: Candidates
    knobs: RolloutSettings
    room: asyncio.Semaphore
    clock: Clock = now

    async def on_reply(self, reply: ReplyDispatched) -> Outcome:
        """A turn it has no room for, or cannot keep, is left out: there are others."""
        try:
            roster = await self.candidates.versions.of(reply.shop)
            if self._concerns(reply, roster.running) and not self.room.locked():
                async with self.room:
                    await self._shadow(reply, roster)
        except StoreError as error:
            log.warning("shadow.left_out", reply=str(reply.reply), reason=str(error))
        return NOTHING

    def _concerns(self, reply: ReplyDispatched, running: Running | None) -> bool:
        """Only what a model answered can be compared."""
        served = reply.generation.served
        if running is None or served is None or served.rollout != running.id:
            return False
        shadowing = running.state == "shadow" and not running.paused
        return shadowing and sampled(running.salt, reply.reply, self.knobs.shadow_share)

    async def _shadow(self, reply: ReplyDispatched, roster: Roster) -> None:
        running, version = roster.running, roster.candidate
        if running is None or version is None:
            return
        mine = caused_by(reply.reply, "shadow")
        most = (self.knobs.shadow_answers, round(self.knobs.shadow_usd * MICROS))
        async with self.candidates.store.lookup() as connection:
            if not await shadows.wanted(connection, reply.shop, running.id, mine, most):
                return
            name = await shadows.name_of(connection, reply.shop, reply.customer)
        whose = (reply.shop, mine, running.id, version.id, reply.reply)
        row = await self._answered(reply, version, name)
        async with self.candidates.store.batch() as connection:
            await shadows.keep(connection, (*whose, *row, self.clock()))

    async def _answered(self, reply: ReplyDispatched, version: Known, name: str | None) -> Row:
        """The answer and how it came about, or why there is none."""
        link, began = self.candidates.models.link(version), time.perf_counter()
        if link is None:
            return _failed("the version cannot be opened", began)
        asked = await self._asked(reply)
        began = time.perf_counter()
        try:
            mine = replace(self.answering, model=Apart(link.model), version=_only(version.id))
            answer = await mine.answer(asked)
        except ModelError as error:
            return _failed(str(error), began)
        if answer.verdict == "rejected":
            return _failed("the model refused", began)
        return self._told(answer, began, name)

    def _told(self, answer: Answer, began: float, name: str | None) -> Row:
        said, known = answer.completion, self.answering.recognisers
        masked = scrub(said.text, extra=known, names=[name] if name else []).text
        checks = msgspec.json.encode(answer.trace.get("checks", [])).decode()
        used = said.usage
        return (
            masked, answer.verdict, checks, None, used.tokens_in, used.tokens_out, _ms(began),
            said.cost_micros,
        )  # fmt: skip

    async def _asked(self, reply: ReplyDispatched) -> Asked:
        turn = as_it_was(reply)
        asking = self.situations.ask(turn.conversation)
        reading = await self.reader.read(turn)
        return Asked(turn, reading, await answered(asking), self.clock())


def _only(version: UUID) -> VersionOf:
    """Its own examples, whoever else answers the customer."""

    async def of(_shop: UUID, _customer: UUID) -> UUID | None:
        return version

    return of


def as_it_was(reply: ReplyDispatched) -> TurnReady:
    """The turn a reply answered: the words of its voice notes stand in the question already, and
    what it says itself, the reply too, is no part of what was said before."""
    first, *others = (*reply.answers, reply.reply)
    at = reply.asked_at or reply.at
    messages = [TurnMessage(id=first, text=reply.question, at=at)]
    messages += [TurnMessage(id=one, text="", at=at) for one in others]
    return TurnReady(
        id=caused_by(reply.id, "again"),
        shop=reply.shop,
        account=reply.account,
        conversation=reply.conversation,
        request_id=reply.request_id,
        turn=reply.turn,
        at=reply.at,
        received_at=reply.received_at,
        customer=reply.customer,
        chat=reply.chat,
        thread=reply.thread,
        revision=reply.revision,
        messages=tuple(messages),
    )


def _failed(why: str, began: float) -> Row:
    return ("", "error", "[]", why[:300], 0, 0, _ms(began), 0)


def _ms(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
