"""Answers a turn: the shop's own handlers first, else a model whose every claim is checked."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from msgspec import structs

from events.contents import Template
from events.effects import Effects, Outcome, Retry
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.answering import Answering
from handlers.consent import NOTE, forbidden
from handlers.custom import Custom, Turn
from handlers.custom import answered as asked_of
from handlers.drafting import Answer, Drafter
from handlers.late import instead, too_late
from handlers.reading import Reader, Reading
from handlers.several import decided
from handlers.steps import After, Asked, Before, Decision, NotYet, Situation, Situations, answered
from llm.base import (
    Completion,
    ModelError,
    ModelUnavailable,
)
from services.clock import Clock, now
from store.base import StoreUnavailable

log = structlog.get_logger()

QUIET: Final = frozenset({"sticker", "service", "unsupported"})
WRITTEN: Final = frozenset({"text", "action"})
STORE_RETRY_S: Final = 1.0
NOT_YET_S: Final = 0.1
MODEL_RETRY_S: Final = 5.0


def nobody_looks(_turn: TurnReady) -> AbstractContextManager[object]:
    return nullcontext()


def never_closes(_account: str) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Network:
    """What a reply has to know of its account's network: `writing` shows the customer that somebody
    does, `window_s` is how long after a message it takes free answers, None is for ever."""

    writing: Callable[[TurnReady], AbstractContextManager[object]] = nobody_looks
    window_s: Callable[[str], int | None] = never_closes
    template: Template | None = None


def nothing_owed(_turn: TurnReady) -> bool:
    return False


def unremarked(_asked: Asked, answer: Answer) -> Answer:
    return answer


def as_it_is(draft: ReplyDrafted) -> ReplyDrafted:
    return draft


@dataclass(frozen=True, slots=True)
class Replier:
    """What is `owed` an answer gets it while a person has the word, too: `before` gives it."""

    reader: Reader
    answering: Answering
    drafter: Drafter
    custom: tuple[Custom, ...] = ()
    clock: Clock = now
    network: Network = field(default_factory=Network)
    situations: Situations | None = None
    owed: Callable[[TurnReady], bool] = nothing_owed
    before: tuple[Before, ...] = ()
    instead: tuple[Before, ...] = ()
    after: tuple[After, ...] = ()
    remark: Callable[[Asked, Answer], Answer] = unremarked
    dressed: Callable[[ReplyDrafted], ReplyDrafted] = as_it_is

    async def on_turn(self, turn: TurnReady) -> Outcome:
        began = time.perf_counter()
        left = forbidden(turn, self.clock())
        unsaid = {NOTE: "1"} if left else {}
        if too_late(turn, self.network.window_s(turn.account), self.clock()):
            return Effects(
                instead(turn, left, self.network.template, self.clock()),
                closes=turn.turn,
                notes=unsaid,
            )
        asking = self.situations.ask(turn.conversation) if self.situations else None
        begun = asyncio.create_task(self.reader.read(turn))
        try:
            situation = await answered(asking) if asking else Situation()
            if situation.silenced and not self.owed(turn):
                return Effects([left] if left else (), closes=turn.turn, notes=unsaid)
            with self.network.writing(turn):
                reading = await begun
                decision = await self._decided(Asked(turn, reading, situation, self.clock()))
        except NotYet as early:
            return Retry(NOT_YET_S, str(early))
        except StoreUnavailable as error:
            return Retry(STORE_RETRY_S, f"catalogue: {error}")
        except ModelError as error:
            after = error.retry_after if isinstance(error, ModelUnavailable) else None
            return Retry(after or MODEL_RETRY_S, f"model: {error}")
        finally:
            begun.cancel()
        latency_ms = int((time.perf_counter() - began) * 1000)
        return self._effects(turn, reading, decision, latency_ms)

    def _effects(
        self, turn: TurnReady, reading: Reading, decision: Decision, latency_ms: int
    ) -> Effects:
        events, notes = decision.events, decision.notes
        if decision.answer is None:
            return Effects(events, decision.timers, closes=turn.turn, notes=notes)
        timed = replace(decision.answer, latency_ms=latency_ms)
        draft = self.drafter.draft(turn, reading, timed, self.clock())
        draft = structs.replace(
            draft,
            purpose=decision.purpose,
            then_silent_ms=decision.then_silent_ms,
            order=decision.order,
            notes=dict(decision.heard),
        )
        return Effects([self.dressed(draft), *events], decision.timers, notes=notes)

    async def _decided(self, asked: Asked) -> Decision:
        for step in self.before:
            decision = await step(asked)
            if decision is not None:
                return decision
        own = await self._own(asked.turn, asked.reading)
        for step in self.instead if own is None else ():
            decision = await decided(asked, step, self.answering.answer)
            if decision is not None:
                return decision
        answer = own or await self._answer(asked)
        if answer is not None:
            answer = self.remark(asked, answer)
            for look in self.after:
                decision = await look(asked, answer)
                if decision is not None:
                    return _credited(decision, answer)
        return Decision(answer)

    async def _answer(self, asked: Asked) -> Answer | None:
        """None where nobody expects an answer."""
        if not asked.reading.text:
            name = _wordless(asked.turn)
            if name not in self.reader.pack.answers and name is not None:
                name = "media_unreadable"
            return self._said_by_pack(name, asked.reading) if name else None
        return await self.answering.answer(asked)

    async def _own(self, turn: TurnReady, reading: Reading) -> Answer | None:
        """What the shop's own handlers say."""
        if not reading.text or not self.custom:
            return None
        view = Turn(
            event=turn,
            text=reading.text,
            parsed=reading.parsed,
            mentioned=reading.found.products,
            catalogue=reading.index,
            history=reading.said,
        )
        own = await asked_of(self.custom, view)
        if own is None:
            return None
        said = Completion(own.text, "custom", "")
        return Answer(said, "custom", choices=own.choices, menu=own.menu, extras=own.extras)

    def _said_by_pack(self, name: str, reading: Reading) -> Answer:
        pack = self.reader.pack
        text = pack.answers[name].say(reading.parsed.locale, {"shop": pack.identity.shop.name})
        return Answer(Completion(text, "pack", pack.name, used=(name,)))


def _credited(decision: Decision, answer: Answer) -> Decision:
    """What was made of a model's answer still counts as that model's."""
    if decision.answer is None or decision.answer.completion.served is not None:
        return decision
    said = replace(decision.answer.completion, served=answer.completion.served)
    return replace(decision, answer=replace(decision.answer, completion=said))


def _wordless(turn: TurnReady) -> str | None:
    """The pack's answer to a turn without a word."""
    contents = {message.content for message in turn.messages}
    if contents <= WRITTEN:
        return "greeting"
    if any("too_big" in message.flags for message in turn.messages):
        return "media_too_big"
    return None if contents <= QUIET else "media_unreadable"
