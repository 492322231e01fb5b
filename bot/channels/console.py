"""A chat with one customer at a terminal or through a pipe: a line in, replies out."""

import asyncio
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TextIO
from uuid import UUID

from bot.channels.base import Accepted, Ingest, NotStored, Part, Permanent, Rate, SendResult
from bot.channels.plain import spelled
from events.contents import Sender
from events.happened import named
from events.vocabulary import MessageReceived
from services.clock import Clock, now
from text.folding import clean

CHAT = "console"
PATIENCE_S = 0.2


@dataclass(slots=True)
class ConsoleChannel:
    """`ended` is set at the end of the input, once its last line is stored.

    `session` tells this run's lines from those of other runs.
    """

    shop: UUID
    account: str = "console:main"
    lines: TextIO = field(default_factory=lambda: sys.stdin)
    page: TextIO = field(default_factory=lambda: sys.stdout)
    session: str = field(default_factory=lambda: str(time.time_ns()))
    clock: Clock = now
    prefix: str = "bot> "
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    idempotent: bool = field(default=False, init=False)
    limit: int = field(default=4096, init=False)
    dedupe_s: int = field(default=3600, init=False)
    _numbers: "count[int]" = field(default_factory=lambda: count(1), init=False)
    _sent: "count[int]" = field(default_factory=lambda: count(1), init=False)
    _inbox: "asyncio.Queue[str | None] | None" = field(default=None, init=False)
    _heard: MessageReceived | None = field(default=None, init=False)

    async def receive(self, ingest: Ingest) -> None:
        """Ends with its input, unlike networks."""
        inbox = self._inbox or self._listen()
        while self._heard is not None or await self._hear(inbox):
            await self._store(ingest)
        self.ended.set()

    def _listen(self) -> "asyncio.Queue[str | None]":
        self._inbox = asyncio.Queue(maxsize=1)
        # A daemon thread: a read of stdin cannot be cancelled, and must not keep the process alive.
        loop = asyncio.get_running_loop()
        reading = threading.Thread(target=self._read, args=(self._inbox, loop), daemon=True)
        reading.start()
        return self._inbox

    def _read(self, inbox: "asyncio.Queue[str | None]", loop: asyncio.AbstractEventLoop) -> None:
        """One line ahead at most: a long file waits for us, not in our memory."""
        with suppress(RuntimeError, asyncio.CancelledError, ValueError):
            for line in self.lines:
                asyncio.run_coroutine_threadsafe(inbox.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(inbox.put(None), loop).result()

    async def _hear(self, inbox: "asyncio.Queue[str | None]") -> bool:
        """The next line that says something stays heard until it is stored; False at the end."""
        if self.ended.is_set():
            return False
        while (line := await inbox.get()) is not None:
            if line.strip():
                self._heard = self.message(line)
                return True
        return False

    async def _store(self, ingest: Ingest) -> None:
        while self._heard is not None:
            try:
                await ingest(self._heard)
                self._heard = None
            except NotStored:
                await asyncio.sleep(PATIENCE_S)

    def message(self, line: str) -> MessageReceived:
        here, number = self.clock(), str(next(self._numbers))
        identity = named(self.account, "message", self.session, number)
        return MessageReceived(
            id=identity,
            shop=self.shop,
            account=self.account,
            conversation=named(self.account, "conversation", CHAT, self.session),
            request_id=identity,
            at=here,
            received_at=here,
            customer=named(str(self.shop), "console", "customer", CHAT),
            chat=CHAT,
            platform_id=number,
            sender=Sender(id=CHAT),
            text=clean(line.rstrip("\r\n")),
        )

    async def send(self, part: Part) -> SendResult:
        text = spelled(part).encode("utf-8", "replace").decode()
        if not text:
            return Permanent("a terminal shows only texts and files")
        try:
            self.page.write(f"{self.prefix}{text}\n")
            self.page.flush()
        except (OSError, ValueError) as error:
            return Permanent(f"nobody reads the console: {error}", unreachable=True)
        return Accepted(str(next(self._sent)))

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  a terminal has no limits
        return ()

    async def close(self) -> None:
        """The terminal is not ours to close."""
