"""A network in memory: for the tests of those who build on us, for simulations and benchmarks."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from bot.channels.base import (
    Accepted,
    Ambiguous,
    ChannelUnavailable,
    Ingest,
    NotStored,
    Part,
    Rate,
    RetryAfter,
    SendResult,
)
from events.contents import Sender
from events.happened import Envelope, Happened, named
from events.manners import CustomerTyping
from events.vocabulary import MessageReceived
from services.clock import Clock, now
from text.folding import clean

PATIENCE_S = 0.05
DOWN_S = 0.2


class MemoryChannel:
    """`sent` holds what customers got, in order. `script` answers the first sends instead of the
    network; None lets one pass, and an Ambiguous one is delivered although its answer is lost.
    While it is `down` nothing is delivered.
    """

    limit = 4096
    dedupe_s = 48 * 3600

    def __init__(
        self,
        shop: UUID,
        account: str = "memory:main",
        *,
        latency_s: float = 0.0,
        idempotent: bool = False,
        script: Iterable[SendResult | None] = (),
        clock: Clock = now,
    ) -> None:
        self.shop = shop
        self.account = account
        self.idempotent = idempotent
        self.sent: list[Part] = []
        self.down = False
        self._latency_s = latency_s
        self._script = iter(script)
        self._clock = clock
        self._session = time.time_ns()
        self._said = 0
        self._accepted: dict[str, Accepted] = {}
        self._ingest: Ingest | None = None
        self._listening = asyncio.Event()
        self._by_chat: dict[str, list[str]] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self._closed = False

    async def receive(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._listening.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._listening.clear()

    async def say(
        self, chat: str, text: str, *, key: str | None = None, at: datetime | None = None
    ) -> MessageReceived:
        """A customer writes. Returns once the message is durable.

        One key is one message, in later runs too; without one it is a message like no other.
        """
        self._said += 1
        event = self.message(chat, text, key=key or f"{self._session}-{self._said}", at=at)
        await self.deliver(event)
        return event

    async def deliver(self, event: Happened) -> bool:
        """Offers an event until it is stored, like a network that waits for our acknowledgement."""
        while True:
            await self._listening.wait()
            if self._closed or self._ingest is None:
                raise ChannelUnavailable(f"{self.account} is closed")
            try:
                return await self._ingest(event)
            except NotStored:
                await asyncio.sleep(PATIENCE_S)

    def message(
        self, chat: str, text: str, *, key: str, at: datetime | None = None
    ) -> MessageReceived:
        here = self._clock()
        envelope = self._envelope(here, "message", chat, key)
        envelope["at"] = at or here
        return MessageReceived(
            **envelope,
            customer=named(str(self.shop), self.account.partition(":")[0], "customer", chat),
            chat=chat,
            platform_id=key,
            sender=Sender(id=chat, name=chat),
            text=clean(text),
        )

    def typing(self, chat: str, lasts_ms: int) -> CustomerTyping:
        """The sign that a customer is writing for so long, or has stopped (0)."""
        sign = self._envelope(self._clock(), "typing", chat)
        return CustomerTyping(**sign, lasts_ms=lasts_ms)

    def _envelope(self, here: datetime, kind: str, chat: str, *parts: str) -> Envelope:
        identity = named(self.account, kind, chat, *parts)
        return Envelope(
            id=identity,
            shop=self.shop,
            account=self.account,
            conversation=named(self.account, "conversation", chat),
            request_id=identity,
            turn=None,
            at=here,
            received_at=here,
        )

    async def send(self, part: Part) -> SendResult:
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        if self.down:
            return RetryAfter(DOWN_S, "the network is away")
        if self.idempotent and part.key in self._accepted:
            return self._accepted[part.key]
        scripted = next(self._script, None)
        if scripted is not None and not isinstance(scripted, Accepted | Ambiguous):
            return scripted
        self.sent.append(part)
        self._by_chat.setdefault(part.chat, []).append(part.text)
        accepted = Accepted(f"s{len(self.sent)}")
        if self.idempotent:
            self._accepted[part.key] = accepted
        if waiting := self._waiting.pop(part.chat, None):
            waiting.set()
        return scripted or accepted

    def replies(self, chat: str) -> list[str]:
        return list(self._by_chat.get(chat, ()))

    async def wait_for_replies(self, chat: str, count: int = 1) -> list[str]:
        while len(found := self.replies(chat)) < count:
            await self._waiting.setdefault(chat, asyncio.Event()).wait()
        return found

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  a network in memory has no limits
        return ()

    async def close(self) -> None:
        self._closed = True
        self._listening.set()
