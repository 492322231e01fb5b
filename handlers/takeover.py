"""A person speaks in a customer's conversation: the bot is silent there, at once.

The silence itself stands since the message was ingested, and every claim reads it. Here what was
begun for the customer meanwhile is dropped, and everybody learns who has the word.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from msgspec import structs

from config.manners import FOR_GOOD_S, TakeoverSettings
from events.effects import NOTHING, Effects, Handler, Outcome
from events.happened import Happened, following
from events.manners import SilenceChanged
from events.vocabulary import MessageReceived, TurnReady
from handlers import turns
from text.commands import switch

ELSEWHERE: Final = frozenset({"page", "api", "command"})
"""From where a person takes the word without having spoken in the chat itself."""
INTERRUPTED: Final = "interrupted"
"""When a person took the word: a bare yes is no longer to what the bot had asked before."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """Stands before the turns of the `customers`: a person's words end the open one, and the chats
    of the shop's own people never have any."""

    knobs: TakeoverSettings
    customers: Handler[MessageReceived]

    async def on_message(self, message: MessageReceived) -> Outcome:
        if is_staff(message, self.knobs):
            return NOTHING
        if message.author == "human":
            return self.spoken(message)
        return await self.customers(message)

    def spoken(self, message: MessageReceived) -> Effects:
        """What the customer has said so far is now this person's to answer."""
        way = switch(message.text)
        if way == "on":
            return Effects([_changed(message)])
        if way == "off":
            return _taken(message, _changed(message, FOR_GOOD_S))
        change = structs.replace(_changed(message, self.knobs.silence_s), reason="spoke")
        return _taken(message, change)

    async def on_silence(self, change: SilenceChanged) -> Outcome:
        """Who speaks in the chat has closed the turn already, and what came later is a new one."""
        elsewhere = change.silenced and change.reason in ELSEWHERE
        return _taken(change) if elsewhere else NOTHING


def is_staff(message: MessageReceived, knobs: TakeoverSettings) -> bool:
    """In a chat of one's own every name of the person is one of the chat."""
    person = message.sender
    own = [alias.id for alias in person.aliases] if message.chat == person.id else []
    return message.author != "bot" and knobs.is_staff(message.account, message.chat, *own)


async def heard(_change: SilenceChanged) -> Outcome:
    """It has cancelled what it had to by its arrival."""
    return NOTHING


def supersedes(running: Happened, arrived: Happened) -> bool:
    """Nothing is generated, nor paid for, once it may not be said. The silence that follows from
    an answer of the bot's own, a hand-over, is no reason to drop the answer."""
    if isinstance(arrived, SilenceChanged):
        silences = arrived.silenced and arrived.reason != "hand_over"
        return silences and isinstance(running, TurnReady)
    return turns.supersedes(running, arrived)


def _taken(word: Happened, *news: SilenceChanged) -> Effects:
    return Effects(news, closes="open", notes={INTERRUPTED: word.received_at.isoformat()})


def _changed(message: MessageReceived, silence_s: int = 0) -> SilenceChanged:
    """0 ends the silence."""
    here = message.received_at
    return SilenceChanged(
        **following(message, "silence", here),
        silenced=silence_s > 0,
        until=here + timedelta(seconds=silence_s) if silence_s else None,
        reason="command",
        by=message.sender.name or "",
    )
