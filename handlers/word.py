"""A person takes the word from elsewhere than the phone: a page, the API, a chat of the staff.

Their text travels the road of every reply: the gate, the claim, the delivery that is followed.
Which question it answers is found by capture, at its place in the stream.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

from config.manners import FOR_GOOD_S
from events.contents import Composed, Template
from events.happened import Envelope, caused_by, named
from events.manners import SilenceChanged
from events.stream import Stream
from events.vocabulary import ReplyDrafted
from services.clock import Clock, now

REMEMBER_S: Final = 48 * 3600
"""For so long the same key means the same act."""
RESUME: Final = -1
REF: Final = 8
From: TypeAlias = Literal["page", "api", "command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody speaks: a row of app.conversation."""

    shop: UUID
    conversation: UUID
    customer: UUID
    account: str
    chat: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """`key` is the caller's own name for what a person did once: repeated, it changes nothing.

    Each of these raises PartitionFull, and waits while Redis is away, as ingest does.
    """

    stream: Stream
    compose: Callable[[str, str], Composed]
    silence_s: int
    clock: Clock = now

    async def speak(
        self,
        place: Place,
        text: str,
        *,
        by: str,
        key: str,
        source: From = "page",
        called: str = "",
    ) -> UUID:
        """The bot is silent from now on, and the words are on their way: the reply's id. `called`
        is what the customer may know the person by."""
        text = text.strip()
        composed = self.compose(place.account, text)
        await self.take(place, by=by, key=key, source=source)
        return await self._said(place, text, composed, key, called)

    async def offer(
        self, place: Place, template: Template, *, by: str, key: str, source: From = "page"
    ) -> UUID:
        """Speaks by a template, which a network takes after its window has closed."""
        composed = Composed(parts=(), extras=(template,))
        await self.take(place, by=by, key=key, source=source)
        return await self._said(place, template.name, composed, key)

    async def _said(
        self, place: Place, text: str, composed: Composed, key: str, called: str = ""
    ) -> UUID:
        draft = ReplyDrafted(
            **self._envelope(place, key, "reply"),
            customer=place.customer,
            chat=place.chat,
            thread=place.thread,
            author="human",
            by=called,
            text=text,
            parts=composed.parts,
            marks=composed.marks,
            extras=composed.extras,
        )
        await self.stream.ingest(draft, remember_s=REMEMBER_S)
        return draft.id

    async def take(
        self, place: Place, *, by: str, key: str, source: From = "page", for_good: bool = False
    ) -> bool:
        """The bot is silent once this returns, for the shop's time or for good. False: known."""
        silence_s = FOR_GOOD_S if for_good else self.silence_s
        until = self.clock() + timedelta(seconds=silence_s)
        change = SilenceChanged(
            **self._envelope(place, key, "taken"), silenced=True, until=until, reason=source, by=by
        )
        return await self.stream.ingest(change, remember_s=REMEMBER_S, silence_ms=silence_s * 1000)

    async def give_back(self, place: Place, *, by: str, key: str, source: From = "page") -> bool:
        """The bot may speak again. False: known."""
        change = SilenceChanged(
            **self._envelope(place, key, "given"), silenced=False, reason=source, by=by
        )
        return await self.stream.ingest(change, remember_s=REMEMBER_S, silence_ms=RESUME)

    def _envelope(self, place: Place, key: str, what: str) -> Envelope:
        act, here = named("word", str(place.conversation), key), self.clock()
        return Envelope(
            id=caused_by(act, what),
            shop=place.shop,
            account=place.account,
            conversation=place.conversation,
            request_id=act,
            turn=None,
            at=here,
            received_at=here,
        )


def ref_of(conversation: UUID) -> str:
    """By which the staff name a conversation in their commands."""
    return str(conversation)[:REF]
