"""Eight accounts on one small machine: the library parks threads, and everybody still sends."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.channels.base import Accepted, RetryAfter
from bot.channels.whatsapp.channel import WhatsAppChannel
from events.happened import Happened
from services.wire import Wire
from tests.bot.channels.whatsapp.sending import a_part
from tests.bot.channels.whatsapp.test_is_killed import holders
from tests.contracts.network import listening, until
from tests.contracts.whatsapp import channel_of
from tests.servers.whatsapp import WhatsApp

ACCOUNTS = 8
MOST_RSS_KB = 250_000


@asynccontextmanager
async def crowd(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> AsyncIterator[list[WhatsAppChannel]]:
    async def ingest(_: Happened) -> bool:
        return True

    async with AsyncExitStack() as stack:
        channels = [
            channel_of(whatsapp, wire, prefix, f"whatsapp:{number}", patience_s=120)
            for number in range(ACCOUNTS)
        ]
        for channel in channels:
            await stack.enter_async_context(listening(channel, ingest))
        yield channels


async def test_eight_connected_accounts_send(whatsapp: WhatsApp, wire: Wire, prefix: str) -> None:
    async with crowd(whatsapp, wire, prefix) as channels:
        first = await asyncio.gather(*(channel.send(a_part("uno")) for channel in channels))
        began = time.monotonic()
        second = await asyncio.gather(
            *(
                channel.send(a_part(f"{number}", number=number))
                for channel in channels
                for number in range(1, 9)
            )
        )
        took = time.monotonic() - began
        rss = [memory(pid) for pid in holders(whatsapp)]

    assert all(isinstance(result, Accepted) for result in (*first, *second))
    assert len(whatsapp.sent) == ACCOUNTS * 9
    assert took < 60
    assert len(rss) == ACCOUNTS
    assert max(rss) < MOST_RSS_KB


async def test_eight_accounts_without_a_network_answer_in_time(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    whatsapp.failing["Neonize"] = "failed to dial whatsapp web websocket: no such host"

    async with crowd(whatsapp, wire, prefix) as channels:
        await until(lambda: whatsapp.connections >= ACCOUNTS)
        began = time.monotonic()
        results = await asyncio.gather(
            *(
                channel_of(whatsapp, wire, prefix, one.account, patience_s=1).send(a_part("uno"))
                for one in channels
            )
        )
        took = time.monotonic() - began

    assert all(isinstance(result, RetryAfter) for result in results)
    assert took < 30


def memory(pid: int) -> int:
    """Resident, in kB."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
