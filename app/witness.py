"""Has a dialogue answered as a customer's would be, and sees how each answer came about."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import msgspec

from app.examinee import Examinee
from app.parts import Parts
from config.packs import Pack
from evaluation.assessing import Answered
from events.contents import TurnMessage
from events.effects import Effects, Retry
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.drafting import Answer, Drafter
from handlers.history import Line
from handlers.reading import Reading
from handlers.reply import Replier
from handlers.requests import known_to
from knowledge.validators import validate
from knowledge.verify import verify
from services.clock import now

ACCOUNT: Final = "web:evaluation"
WRITTEN: Final = frozenset({"custom", "pack"})
"""Who writes what the business decided to say: its words are its own, and need no source."""


@dataclass(frozen=True, slots=True)
class Watching(Drafter):
    """Drafts like any other, and remembers of each turn what it was drafted from."""

    seen: dict[UUID, tuple[Reading, Answer]] = field(default_factory=dict)

    def draft(
        self, turn: TurnReady, reading: Reading, answer: Answer, at: datetime
    ) -> ReplyDrafted:
        self.seen[turn.id] = (reading, answer)
        return Drafter.draft(self, turn, reading, answer, at)


@dataclass(frozen=True, slots=True)
class Witness:
    """Nothing it brings about is carried out: no message is sent, no order written. What was said
    and noted stands in the conversation's history, as it would."""

    parts: Parts
    replier: Replier
    watching: Watching
    patience_s: float

    async def answered(self, messages: Sequence[str]) -> Answered:
        """The last message's answer; those before it are answered on the way."""
        customer, conversation = uuid4(), uuid4()
        told, said = Answered(()), list[str]()
        try:
            async with asyncio.timeout(self.patience_s):
                for text in messages:
                    turn = self._turn(customer, conversation, text)
                    draft = await self._draft(turn)
                    if isinstance(draft, str):
                        return Answered((), error=draft)
                    said.append(draft.text)
                    told = self._told(draft, turn.id, tuple(said))
                    await self._remember(conversation, text, draft.text)
        except TimeoutError:
            return Answered((), error=f"no answer within {self.patience_s:g} s")
        return told

    async def _draft(self, turn: TurnReady) -> ReplyDrafted | str:
        """Or why there is none. A dependency that is busy is waited for."""
        while True:
            outcome = await self.replier.on_turn(turn)
            if isinstance(outcome, Retry):
                if outcome.reason.startswith("model"):
                    return outcome.reason
                await asyncio.sleep(outcome.after)
                continue
            await self._note(turn.conversation, outcome)
            drafts = [one for one in outcome.events if isinstance(one, ReplyDrafted)]
            return drafts[0] if drafts else "nothing was said"

    async def _note(self, conversation: UUID, effects: Effects) -> None:
        key = self.parts.stream.keys.notes(conversation)
        for name, value in effects.notes.items():
            if value:
                await self.parts.wire.command("HSET", key, name, value)
            else:
                await self.parts.wire.command("HDEL", key, name)

    async def _remember(self, conversation: UUID, asked: str, answered: str) -> None:
        lines = [Line("user", asked), Line("bot", answered)]
        key = self.parts.stream.keys.history(conversation)
        await self.parts.wire.command("RPUSH", key, *map(msgspec.json.encode, lines))

    def _turn(self, customer: UUID, conversation: UUID, text: str) -> TurnReady:
        at, asked = now(), uuid4()
        return TurnReady(
            id=asked,
            shop=self.parts.shop,
            account=ACCOUNT,
            conversation=conversation,
            request_id=asked,
            turn=uuid4(),
            at=at,
            received_at=at,
            customer=customer,
            chat=f"evaluation-{conversation}",
            revision=1,
            messages=(TurnMessage(id=asked, text=text, at=at),),
        )

    def _told(self, draft: ReplyDrafted, turn: UUID, said: tuple[str, ...]) -> Answered:
        origin = draft.generation
        reading, answer = self.watching.seen[turn]
        unvouched, malformed = audited(self.parts.pack, draft.text, reading, answer)
        return Answered(
            said=said,
            intent=origin.intent,
            slots=origin.slots,
            sources=tuple(name for one in origin.sources for name in (one.id, one.title)),
            verdict=origin.verdict,
            checks=tuple(origin.trace.get("checks", ())),
            unvouched=unvouched,
            malformed=malformed,
            provider=origin.provider,
            model=origin.model,
            searched="search" in origin.trace,
            latency_ms=origin.latency_ms,
            tokens=origin.tokens_in + origin.tokens_out,
            cost_micros=origin.cost_micros,
        )


def audited(pack: Pack, text: str, reading: Reading, answer: Answer) -> tuple[str, tuple[str, ...]]:
    """Of a text as it would be sent: the kind of a claim that nothing vouches for, and figures
    that are not written as the business writes them."""
    found = replace(reading.found, sources=(*reading.found.sources, *answer.sources))
    faults = validate(text, pack, found.sources)
    malformed = tuple(f"{one.rule}: {one.text}" for one in faults)
    if answer.completion.provider in WRITTEN or not answer.completion.text:
        return "", malformed
    checked = verify(text, known_to(replace(reading, found=found), pack))
    return ("" if checked.verdict == "ok" else checked.verdict), malformed


@asynccontextmanager
async def witness(parts: Parts, examinee: Examinee, patience_s: float) -> AsyncIterator[Witness]:
    """The examinee is asked, whoever else might answer for the shop."""
    watching = Watching(parts.pack, parts.replier.drafter.compose)
    async with examinee.replying(parts) as replier:
        yield Witness(parts, replace(replier, drafter=watching), watching, patience_s)
