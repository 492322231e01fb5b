"""While Redis is gone for longer than Telegram's patience, no message is lost or acknowledged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from bot.receiver import Receiver
from events.envelope import decode, fields
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import MessageReceived
from services.wire import Wire, connect
from tests.chaos.proxy import Proxy
from tests.contracts.network import SHOP, until
from tests.contracts.telegram import CLIENTS, Client, answered, settings
from tests.fixtures.servers import open_folder
from tests.servers.pages import mounted
from tests.servers.telegram import BotApi, serving

pytestmark = pytest.mark.chaos
OUTAGE_S = 5.5
LATER = 503


@dataclass
class Door:
    """The only way to Redis; behind a shut one it is as if there were none."""

    redis_url: str
    path: Path
    _proxy: Proxy = field(init=False)
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        self._proxy = Proxy(Path(self.redis_url.removeprefix("unix://")))
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._proxy.accept, self.path)

    async def shut(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._proxy.close()
        self._server = None


@asynccontextmanager
async def a_door(redis_url: str) -> AsyncIterator[Door]:
    with open_folder() as folder:
        door = Door(redis_url, folder / "door")
        await door.open()
        yield door
        await door.shut()


async def kept(wire: Wire, keys: Keys) -> list[MessageReceived]:
    """What is in the stream, by its place there."""
    found = []
    for partition in range(keys.partitions):
        for _, flat in await wire.command("XRANGE", keys.stream(partition), "-", "+"):
            event = decode(fields(flat))
            assert isinstance(event, MessageReceived)
            found.append(event)
    return found


async def talk(api: BotApi, numbers: range) -> None:
    for number in numbers:
        await api.customer_says(f"{number}", chat=1 + number % 3)


async def survive(api: BotApi, channel: TelegramChannel, receiver: Receiver, door: Door) -> None:
    receiver.start(channel)
    await talk(api, range(3))
    await until(lambda: not api.unconfirmed)
    await door.shut()
    await talk(api, range(3, 15))
    await asyncio.sleep(OUTAGE_S)
    assert len(api.unconfirmed) == 12
    await door.open()
    await until(lambda: not api.unconfirmed)
    await receiver.stop()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_an_outage_of_redis_costs_no_message(
    client: Client, mode: str, redis_url: str, wire: Wire, prefix: str
) -> None:
    keys = Keys(prefix, 4)
    async with a_door(redis_url) as door, serving(BotApi()) as api, mounted() as (base, routes):
        through = Wire(connect(f"unix://{door.path}"))
        wanted = settings(api, client=client, mode=mode, webhook_url=base)
        channel = telegram(wanted, SHOP, through, prefix)
        receiver = Receiver(Stream(through, keys), 1000, "one", lambda *_: None)
        hook = channel.webhook(receiver.ingest(channel))
        statuses: list[int] = []

        async def call(request: web.Request) -> web.Response:
            answer = await answered(hook, request)
            statuses.append(answer.status)
            return answer

        routes[channel.address.path] = call
        await survive(api, channel, receiver, door)

        await channel.close()
        await through.close()

    assert (LATER in statuses) == (mode == "webhook")
    messages = await kept(wire, keys)
    assert sorted(int(message.text) for message in messages) == list(range(15))
    for chat in ("1", "2", "3"):
        texts = [int(message.text) for message in messages if message.chat == chat]
        assert all(first < second for first, second in pairwise(texts))
