"""A consumer on real Redis, and messages to feed it with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from events.consumer import Consumer, Limits
from events.contents import Sender
from events.happened import Happened, named
from events.stages import Stage
from events.stream import Stream
from events.vocabulary import MessageReceived

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SHOP = named("shop", "test")
LIMITS = Limits(lease_ms=6000)


def said(chat: str, number: int, text: str = "hola") -> MessageReceived:
    event = named("message", chat, str(number))
    return MessageReceived(
        id=event,
        shop=SHOP,
        account="memory:test",
        conversation=named("conversation", chat),
        request_id=event,
        at=NOW,
        received_at=NOW,
        customer=named("customer", chat),
        chat=chat,
        platform_id=str(number),
        sender=Sender(id=chat),
        text=text,
    )


async def until(what: Callable[[], bool | Awaitable[bool]], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while True:
            found = what()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def consuming(
    stream: Stream, redis_url: str, *stages: Stage, limits: Limits = LIMITS
) -> AsyncIterator[Consumer]:
    consumer = Consumer(stream, redis_url, stages, limits)
    await consumer.start()
    try:
        yield consumer
        assert consumer.failed() is None
    finally:
        await consumer.stop(5)


async def ingest(stream: Stream, *events: Happened) -> None:
    await asyncio.gather(*(stream.ingest(event, remember_s=60) for event in events))
