"""A webhook that could not be stored is not lost: not by a kill -9, not while Redis is away."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.whatsapp_cloud.channel import WhatsAppCloudChannel, whatsapp_cloud
from events.happened import Happened
from events.stream import Stream
from services.state import Endpoints
from services.wire import Wire
from tests.conftest import ROOT
from tests.contracts.network import SHOP, until
from tests.contracts.whatsapp_cloud import mount, settings
from tests.servers.graph import GraphApi, serving
from tests.servers.graph_customers import Customer, webhook
from tests.servers.pages import mounted

pytestmark = pytest.mark.chaos
CUSTOMERS = [Customer(f"5691111000{number}", None) for number in range(4)]
BATCHES, IN_EACH = 5, 4
MESSAGES = BATCHES * IN_EACH


@asynccontextmanager
async def running(*arguments: object) -> AsyncIterator[None]:
    module = "tests.bot.channels.whatsapp_cloud.process"
    command = [sys.executable, "-m", module, *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


def stored(ledger: Path) -> list[str]:
    return [line.split()[1] for line in ledger.read_text().splitlines()] if ledger.exists() else []


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_batch(api: GraphApi, number: int) -> dict[str, object]:
    """One webhook with a message of each customer, in two entries."""
    texts = [number * IN_EACH + place for place in range(IN_EACH)]
    messages = [
        api.message(customer, "text", {"body": str(text)})
        for customer, text in zip(CUSTOMERS, texts, strict=True)
    ]
    values = [
        api.number.value(*CUSTOMERS[half], messages=messages[half])
        for half in (slice(0, 2), slice(2, 4))
    ]
    return webhook(*(api.number.entry(value) for value in values))


async def test_a_process_that_dies_in_the_middle_of_a_batch_loses_no_message(
    tmp_path: Path, endpoints: Endpoints, wire: Wire, prefix: str
) -> None:
    ledger, port = tmp_path / "ledger", a_free_port()
    async with serving(GraphApi()) as api:
        path = whatsapp_cloud(settings(api), SHOP, wire).path
        where = (port, endpoints.redis_url, prefix)
        async with running(api.url, ledger, 0.1, *where):
            await until(lambda: bool(api.calls))
            hook = await api.subscribe(f"http://127.0.0.1:{port}{path}")
            for number in range(BATCHES):
                api.push(a_batch(api, number))
            await until(lambda: len(stored(ledger)) >= IN_EACH + 1)
        before = stored(ledger)
        assert len(before) < MESSAGES
        assert hook.waiting >= BATCHES - len(before) // IN_EACH

        async with running(api.url, ledger, 0, *where):
            await until(lambda: not hook.waiting)

    found = stored(ledger)
    assert sorted(found, key=int) == [str(number) for number in range(MESSAGES)]
    for place in range(IN_EACH):
        of_customer = [text for text in found if int(text) % IN_EACH == place]
        assert of_customer == sorted(of_customer, key=int)


async def test_while_redis_is_away_meta_is_told_to_come_back_and_nothing_is_lost_or_doubled(
    wire: Wire, stream: Stream, prefix: str
) -> None:
    async def ingest(event: Happened) -> bool:
        return await stream.ingest(event, remember_s=WhatsAppCloudChannel.dedupe_s, silence_ms=0)

    async with serving(GraphApi()) as api, mounted() as (base, routes):
        channel = whatsapp_cloud(settings(api), SHOP, wire, prefix)
        hook = await api.subscribe(base + mount(routes, channel, ingest))
        await wire.redis.client_pause(5400, all=True)
        api.push(a_batch(api, 0))
        await until(lambda: 200 in hook.statuses)
        for _ in range(2):
            api.push(json.loads(hook.posted[0]))
        await until(lambda: not hook.waiting)
        await channel.close()

    lengths = [await wire.command("XLEN", stream.keys.stream(number)) for number in range(4)]
    assert hook.statuses[0] == 503
    assert sum(lengths) == IN_EACH
