"""What may decide a turn before a model is asked, or over what a model said."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from events.effects import Timer
from events.happened import Happened
from events.partitions import Keys
from events.vocabulary import Purpose, TurnReady
from handlers.drafting import Answer
from handlers.reading import Reading
from services.wire import Wire


class NotYet(Exception):
    """What the turn speaks of is still being written down: ask again in a moment."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How the conversation stands, besides what is said in it: `notes` is what handlers left."""

    silenced: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn as it was understood, and where it fell."""

    turn: TurnReady
    reading: Reading
    situation: Situation
    at: datetime

    @property
    def action(self) -> str:
        """The id of the choice the customer tapped last; "" when they wrote."""
        return (self.turn.messages[-1].action or "") if self.turn.messages else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer of None says nothing to the customer. After the reply `answer` the bot is silent
    for `then_silent_ms`; `events`, `notes` and `timers` are applied with it, atomically. What is
    `heard` is noted only when the answer leaves: the customer's next words may overtake it."""

    answer: Answer | None
    events: tuple[Happened, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, str] = field(default_factory=dict)
    then_silent_ms: int = 0
    purpose: Purpose = "answer"
    order: UUID | None = None
    timers: tuple[Timer, ...] = ()


Before: TypeAlias = Callable[[Asked], Awaitable[Decision | None]]
"""Asked in order, before any model: `before` the shop's own handlers, or `instead` of a model. The
first decision counts."""
After: TypeAlias = Callable[[Asked, Answer], Awaitable[Decision | None]]
"""Told what the model said, checked already; the first decision takes its place."""


Asking: TypeAlias = tuple[asyncio.Future[Any], asyncio.Future[Any]]


@dataclass(frozen=True, slots=True)
class Situations:
    """Reads how a conversation stands; the commands travel together with whatever else is asked."""

    wire: Wire
    keys: Keys

    def ask(self, conversation: UUID) -> Asking:
        """Begins at once; `answered` reads it."""
        hush = self.wire.command("EXISTS", self.keys.silence(conversation))
        return hush, self.wire.command("HGETALL", self.keys.notes(conversation))


async def answered(asking: Asking) -> Situation:
    hush, notes = asking
    silenced, flat = await hush, await notes
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return Situation(bool(silenced), {name.decode(): value.decode() for name, value in pairs})
