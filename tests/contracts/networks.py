"""Every channel with the network behind it, seen from the customer's side."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Protocol
from uuid import UUID

import msgspec
from aiohttp import web as http
from pydantic import SecretStr

from bot.channels.base import Channel, Ingest, NotStored
from bot.channels.console import ConsoleChannel
from bot.channels.memory import MemoryChannel
from bot.channels.telegram import telegram
from bot.channels.telegram_channel import TelegramChannel
from bot.channels.web import WebChannel
from config.settings import TelegramSettings
from events.happened import Happened
from events.vocabulary import MessageReceived
from services.wire import Wire
from tests.servers.pages import mounted
from tests.servers.telegram import TOKEN, BotApi, serving

SHOP = UUID(int=1)
CHAT = "7"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Network(Protocol):
    @property
    def channel(self) -> Channel: ...

    async def says(self, text: str) -> None:
        """The customer writes; nobody waits for the bot."""
        ...

    def unacknowledged(self) -> int: ...

    async def delivered(self) -> list[str]: ...


@dataclass
class Ledger:
    """A storage one can close: while it is closed nothing is stored, and everybody is told."""

    stored: list[MessageReceived] = field(default_factory=list)
    offered: int = 0
    closed: bool = False

    async def ingest(self, event: Happened) -> bool:
        assert isinstance(event, MessageReceived)
        self.offered += 1
        if self.closed:
            raise NotStored("closed")
        new = event.id not in {known.id for known in self.stored}
        if new:
            self.stored.append(event)
        return new

    def texts(self) -> list[str]:
        return [event.text for event in self.stored]


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  what we wait for lies outside of this loop's reach
            await asyncio.sleep(0.005)


@asynccontextmanager
async def listening(channel: Channel, ingest: Ingest) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.receive(ingest))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


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
class Telegram:
    channel: TelegramChannel
    api: BotApi

    async def says(self, text: str) -> None:
        await self.api.customer_says(text, chat=int(CHAT))

    def unacknowledged(self) -> int:
        return len(self.api.unconfirmed)

    async def delivered(self) -> list[str]:
        return [message["text"] for message in self.api.sent]


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


def settings(api: BotApi, **fields: object) -> TelegramSettings:
    values = {"token": SecretStr(TOKEN), "base_url": api.url, "poll_s": 1, **fields}
    return TelegramSettings.model_validate(values)


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
async def _telegram(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    async with serving(BotApi()) as api:
        channel = telegram(settings(api), SHOP)
        yield Telegram(channel, api)
        await channel.close()


@asynccontextmanager
async def _telegram_webhook(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    async with serving(BotApi()) as api, mounted() as (base, routes):
        channel = telegram(settings(api, mode="webhook", webhook_url=base), SHOP)
        hook = channel.webhook(ledger.ingest)

        async def handle(request: http.Request) -> http.Response:
            secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
            return http.Response(status=await hook.handle(await request.read(), secret))

        routes[channel.address.path] = handle
        yield Telegram(channel, api)
        await channel.close()


@asynccontextmanager
async def _web(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    yield Web(WebChannel(wire, SHOP, "web:main", prefix), ledger)


NETWORKS: dict[str, Callable[[Ledger, Wire, str], AbstractAsyncContextManager[Network]]] = {
    "memory": _memory,
    "console": _console,
    "telegram": _telegram,
    "telegram webhook": _telegram_webhook,
    "web": _web,
}
