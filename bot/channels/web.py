"""The web chat: each chat is a short Redis stream that its page reads live.

A line's key makes it land once, so this channel never doubles a message.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from bot.channels.base import Accepted, Ingest, Part, Permanent, Rate, SendResult
from bot.channels.plain import spelled
from events.contents import Choice, Sender
from events.happened import Envelope, named
from events.manners import CustomerTyping
from events.vocabulary import MessageReceived, ReactionChanged
from services.clock import milliseconds, now
from services.wire import Wire, script
from text.folding import clean
from text.verdicts import tapped_thumb

LINE = script("bot", "webchat")
KEEP = 200
TTL_S = 7 * 86400


class Line(msgspec.Struct, frozen=True):
    """What a chat page shows; `at` is in milliseconds, `reply` what it is a part of. `human`: a
    person of the shop wrote it, whose first name is `by`, where it is known."""

    author: Literal["customer", "bot"]
    text: str
    at: int
    cites: tuple[str, ...] = ()
    reply: str = ""
    human: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class WebChannel:
    wire: Wire
    shop: UUID
    account: str
    prefix: str
    idempotent: ClassVar[bool] = True
    limit: ClassVar[int] = 4096
    dedupe_s: ClassVar[int] = 86400

    async def receive(self, ingest: Ingest) -> None:  # noqa: ARG002  pages bring their messages
        """Messages come through `message`, from the page's own requests."""
        await asyncio.Event().wait()

    async def send(self, part: Part) -> SendResult:
        text = spelled(replace(part, choices=_without_thumbs(part.choices)))
        if not text:
            return Permanent("the web chat shows only texts and files")
        reply = part.key.partition(":")[0]
        line = Line(
            "bot", text, milliseconds(now()), part.cites, reply, human=part.human, by=part.by
        )
        return Accepted(await self._put(part.chat, part.key, line))

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  our own pages have no limits
        return ()

    async def show(self, chat: str, key: str, author: Literal["customer", "bot"], text: str) -> str:
        """Puts a line on the page; gives the id from which the page can go on reading."""
        return await self._put(chat, key, Line(author, text, milliseconds(now())))

    async def _put(self, chat: str, key: str, line: Line) -> str:
        keys = places_of(self.prefix, chat)
        told = msgspec.json.encode(line)
        entry: bytes = await self.wire.call(LINE, keys, [key, KEEP, TTL_S, told])
        return entry.decode()

    def lines(self, chat: str) -> str:
        return places_of(self.prefix, chat)[0]

    def thumbs(self, chat: str) -> str:
        return places_of(self.prefix, chat)[2]

    def message(self, chat: str, key: str, text: str, at: datetime) -> MessageReceived:
        """What the customer typed, as an event; `key` is the page's own id for it."""
        return MessageReceived(
            **self._envelope(at, "message", chat, key),
            customer=named(self.account, "customer", chat),
            chat=chat,
            platform_id=key,
            sender=Sender(id=chat),
            text=clean(text),
        )

    def reaction(
        self, chat: str, entry: str, key: str, emoji: str | None, at: datetime
    ) -> ReactionChanged:
        """What the customer put on a line of ours, or took off; `key` tells it from others."""
        return ReactionChanged(
            **self._envelope(at, "reaction", chat, entry, key),
            chat=chat,
            platform_id=entry,
            sender=Sender(id=chat),
            emoji=emoji,
        )

    def typing(self, chat: str, at: datetime, lasts_ms: int) -> CustomerTyping:
        """The page's sign that somebody writes, or with 0 that they stopped."""
        return CustomerTyping(**self._envelope(at, "typing", chat), lasts_ms=lasts_ms)

    def _envelope(self, at: datetime, kind: str, chat: str, *parts: str) -> Envelope:
        event = named(self.account, kind, chat, *parts)
        return Envelope(
            id=event,
            shop=self.shop,
            account=self.account,
            conversation=named(self.account, "conversation", chat),
            request_id=event,
            turn=None,
            at=at,
            received_at=at,
        )

    async def close(self) -> None:
        """Nothing of its own to close."""


def places_of(prefix: str, chat: str) -> list[str]:
    """Where the lines of a chat lie, what tells repeated ones, and which thumbs stand on them."""
    lines = f"{prefix}:web:{{{chat}}}"
    return [lines, f"{lines}:seen", f"{lines}:thumbs"]


def _without_thumbs(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The page has its own below every answer."""
    return tuple(one for one in choices if tapped_thumb(one.id) is None)
