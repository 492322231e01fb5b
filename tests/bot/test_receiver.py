"""A process receives for an account while it holds its lease."""

from itertools import pairwise

from bot.channels.base import Ingest
from bot.channels.memory import MemoryChannel
from bot.receiver import Receiver, lease_key
from events.partitions import Keys
from events.stream import Stream
from services.leases import Lease
from services.wire import Wire
from tests.bot.test_sender import SHOP
from tests.fixtures.bots import until

LEASE_MS = 3000
FEW = 1000
"""Calls until it is renewed, ours included; one that never pauses makes thousands a second."""


class Ended(MemoryChannel):
    """Has nothing to receive, as where a page brings what is said."""

    async def receive(self, ingest: Ingest) -> None:
        """Ends at once."""


async def test_a_channel_with_nothing_more_to_receive_keeps_its_account_and_costs_nothing(
    wire: Wire, prefix: str
) -> None:
    channel, stream = Ended(SHOP), Stream(wire, Keys(prefix, 2))
    lease = Lease(wire, lease_key(prefix, channel.account), LEASE_MS)
    receiver = Receiver(stream, LEASE_MS, "me", lambda _account, _reason: None)
    before = await _calls(wire)
    receiver.start(channel)
    await _renewed(lease)

    assert await _calls(wire) - before < FEW
    assert await lease.acquire("another") is None
    await receiver.stop()
    assert await lease.acquire("another") is not None


async def _renewed(lease: Lease) -> None:
    """Somebody holds it, and what is left of it has grown."""
    left_ms: list[int] = []

    async def grown() -> bool:
        left_ms.append(await lease.wire.command("PTTL", lease.key))
        return any(0 < before < after for before, after in pairwise(left_ms))

    await until(grown)


async def _calls(wire: Wire) -> int:
    told = await wire.command("INFO", "stats")
    lines = dict(line.split(":", 1) for line in told.decode().splitlines() if ":" in line)
    return int(lines["total_commands_processed"])
