"""A running pipeline of one process: the consumer, the channels, and an orderly end."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.flow import stages
from app.parts import Parts
from app.plugins import App
from app.tracing import Keeper
from bot.receiver import Receiver
from events.consumer import Consumer, Limits
from events.tracing import Traced
from services.metrics import Meters
from services.spans import Tracer
from services.telemetry import Outlet, quiet


def calm_collector() -> None:
    """What is built by now lives for ever: a sixth of a message's cost was looking at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@dataclass(frozen=True, slots=True)
class Pipeline:
    parts: Parts
    consumer: Consumer
    receiver: Receiver
    redis_url: str
    keeper: Keeper


@asynccontextmanager
async def pipeline(
    parts: Parts,
    redis_url: str,
    extension: App,
    refused: Callable[[str, str], None] = lambda _account, _reason: None,
    outlet: Outlet = quiet,
) -> AsyncIterator[Pipeline]:
    """Consumes and receives; on leaving, intake stops first and what runs is finished. `outlet`
    gets each step that ended, besides the store."""
    knobs = parts.settings.events
    limits = Limits(knobs.lease_ms, knobs.max_deliveries, knobs.in_flight)
    keeper = _keeper(parts, outlet)
    flow = stages(parts, extension.listeners)
    flow = Traced(keeper.tracer).stages(flow) if parts.settings.observe.traced else flow
    consumer = Consumer(parts.stream, redis_url, flow, limits)
    receiver = Receiver(
        parts.stream,
        knobs.lease_ms,
        consumer.ownership.me,
        refused,
        parts.settings.takeover,
        parts.settings.turns,
        tracer=keeper.tracer if parts.settings.observe.traced else None,
    )
    calm_collector()
    await consumer.start()
    for channel in parts.channels.values():
        receiver.start(channel)
    writing = asyncio.create_task(keeper.attend(), name="spans")
    try:
        yield Pipeline(parts, consumer, receiver, redis_url, keeper)
    finally:
        await receiver.stop()
        await consumer.stop(knobs.drain_s)
        writing.cancel()
        await asyncio.wait([writing])


def _keeper(parts: Parts, outlet: Outlet) -> Keeper:
    knobs = parts.settings.observe
    tracer = Tracer(knobs.trace_buffer, parts.replier.clock)
    meters = Meters(parts.replier.reader.parser.intents)
    return Keeper(parts.store, tracer, meters, kept=knobs.traces, outlet=outlet)


async def broken(consumer: Consumer) -> None:
    """Raises what ended the consumer, if anything ever does: the process must not live on idle."""
    while True:
        await asyncio.sleep(0.5)
        if (reason := consumer.failed()) is not None:
            raise reason
