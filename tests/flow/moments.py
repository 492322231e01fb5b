"""What waits for its moment in a bot, and the moment itself, without anybody waiting for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fixtures.bots import Bot

HOUR_S = 3600.0


@dataclass(frozen=True)
class Wait:
    partition: int
    name: bytes
    event: bytes


async def waits(of: Bot) -> list[Wait]:
    """All there are, once everything that was said is handled."""
    keys, wire = of.parts.stream.keys, of.parts.wire
    found: list[Wait] = []
    for partition in range(keys.partitions):
        flat = await wire.command("HGETALL", keys.timer_events(partition))
        found += [
            Wait(partition, name, event) for name, event in zip(flat[::2], flat[1::2], strict=True)
        ]
    return found


async def come_due(of: Bot, them: Sequence[Wait]) -> None:
    """As if their time had passed, whatever has begun to wait in their place since."""
    keys, wire = of.parts.stream.keys, of.parts.wire
    for one in them:
        await wire.command("HSET", keys.timer_events(one.partition), one.name, one.event)
        await wire.command("ZADD", keys.timers(one.partition), 0, one.name)
        await wire.command("XADD", keys.stream(one.partition), "*", "kind", "Noise")
    await of.settled()
