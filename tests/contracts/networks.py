"""Every channel with the network behind it: what the contract is held against."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO

import msgspec

from bot.channels.base import NotStored
from bot.channels.console import ConsoleChannel
from bot.channels.memory import MemoryChannel
from bot.channels.web import WebChannel
from events.vocabulary import MessageReceived
from services.wire import Wire
from tests.contracts import telegram, whatsapp, whatsapp_cloud
from tests.contracts.network import CHAT, NOON, SHOP, Ledger, Network, Opened


@dataclass
class Memory:
    channel: MemoryChannel
    _saying: list[asyncio.Task[MessageReceived]] = field(default_factory=list)

    async def says(self, text: str) -> None:
        self._saying.append(asyncio.create_task(self.channel.say(CHAT, text)))
        await asyncio.sleep(0)

    def unacknowledged(self) -> int:
        return sum(1 for task in self._saying if not task.done())

    async def delivered(self) -> list[str]:
        return self.channel.replies(CHAT)


@dataclass
class Console:
    channel: ConsoleChannel
    keyboard: int
    page: StringIO
    ledger: Ledger
    said: int = 0

    async def says(self, text: str) -> None:
        self.said += 1
        os.write(self.keyboard, f"{text}\n".encode())

    def unacknowledged(self) -> int:
        return self.said - len(self.ledger.stored)

    async def delivered(self) -> list[str]:
        return [line.removeprefix("bot> ") for line in self.page.getvalue().splitlines()]


@dataclass
class Web:
    channel: WebChannel
    ledger: Ledger
    _posting: set[asyncio.Task[None]] = field(default_factory=set)

    async def says(self, text: str) -> None:
        message = self.channel.message(CHAT, str(len(self._posting)), text, NOON)
        self._posting.add(asyncio.create_task(self._post(message)))
        await asyncio.sleep(0)

    async def _post(self, message: MessageReceived) -> None:
        """The page repeats a request that failed."""
        while True:
            try:
                await self.ledger.ingest(message)
            except NotStored:
                await asyncio.sleep(0.01)
            else:
                return

    def unacknowledged(self) -> int:
        return sum(1 for task in self._posting if not task.done())

    async def delivered(self) -> list[str]:
        lines = await self.channel.wire.command("XRANGE", self.channel.lines(CHAT), "-", "+")
        return [str(msgspec.json.decode(fields[1])["text"]) for _, fields in lines]


@asynccontextmanager
async def _memory(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    yield Memory(MemoryChannel(SHOP))


@asynccontextmanager
async def _console(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    reading, writing = os.pipe()
    page = StringIO()
    with os.fdopen(reading) as lines:
        yield Console(ConsoleChannel(SHOP, lines=lines, page=page), writing, page, ledger)
        os.close(writing)
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _web(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    yield Web(WebChannel(wire, SHOP, "web:main", prefix), ledger)


NETWORKS: dict[str, Opened] = {
    "memory": _memory,
    "console": _console,
    "web": _web,
    **{f"telegram, {name}": telegram.polling(name) for name in telegram.CLIENTS},
    **{f"telegram webhook, {name}": telegram.called(name) for name in telegram.CLIENTS},
    "whatsapp": whatsapp.opened,
    "whatsapp cloud": whatsapp_cloud.opened,
}
