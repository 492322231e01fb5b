"""Takes conversations out of Redis: what was remembered of them, and what still travels.

Entries that a group is working at stay until it has acknowledged them: then they are trimmed, or
taken out by the next round. Ids that tell a repeated message from a new one stay as long as they
would have: nobody can be read from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.stream import SHUT_S, Stream
from services.wire import Argument, script

FORGET = script("events", "forget")
PAGE: Final = 500
BLOCKED: Final = "1"
ERASING: Final = "erasing"
"""The claim knows it: whatever else a customer writes, nothing leaves."""
RESTRICTED: Final = "restricted"
"""The note by which the bot neither answers nor writes."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    stream: Stream

    async def block(self, conversations: Sequence[UUID], *, erasing: bool = False) -> None:
        """Nothing of ours leaves any more, not even what is being composed; what the customer
        writes meanwhile is not answered. While they are erased not even what they ask for by it."""
        note = ERASING if erasing else BLOCKED
        keys, wire = self.stream.keys, self.stream.wire
        for one in conversations:
            await wire.command("HSET", keys.notes(one), RESTRICTED, note)
            await wire.command("PERSIST", keys.notes(one))
            await wire.command("SET", keys.shut(one), 1, "EX", SHUT_S)
            await wire.command("DEL", keys.nudge(one), keys.poll(one))

    async def release(self, conversations: Sequence[UUID]) -> None:
        """The bot answers again, from the next message on."""
        for one in conversations:
            await self.stream.wire.command("HDEL", self.stream.keys.notes(one), RESTRICTED)

    async def forget(self, conversation: UUID, replies: Sequence[UUID]) -> tuple[int, bool]:
        """How many things were taken out, and whether something is still worked at.

        What travels is looked at first: whatever is acknowledged before that look has left its
        timer or dead letter by then. And last: what came due in between travels again.
        """
        keys, wire = self.stream.keys, self.stream.wire
        partition = keys.partition(conversation)
        travelling, busy = await self._entries(keys.stream(partition), conversation)
        gone = travelling + await self._timers(conversation, partition)
        remembered = (
            keys.turn(conversation, partition), keys.history(conversation, partition),
            keys.silence(conversation, partition), keys.window(conversation, partition),
            keys.spoken(conversation, partition), keys.nudge(conversation, partition),
            keys.poll(conversation, partition),
            *(keys.claim(partition, reply) for reply in replies),
        )  # fmt: skip
        gone += int(await wire.command("DEL", *remembered))
        for group in await wire.command("SMEMBERS", keys.groups):
            gone += (await self._entries(keys.dead(partition, group.decode()), conversation))[0]
        late, more = await self._entries(keys.stream(partition), conversation)
        return gone + late, bool(busy or late or more)

    async def finish(self, conversation: UUID) -> None:
        """The last notes: whoever writes again is somebody new."""
        await self.stream.wire.command("DEL", self.stream.keys.notes(conversation))

    async def _timers(self, conversation: UUID, partition: int) -> int:
        """What would happen later carries what it is about with it."""
        keys, wire, said = self.stream.keys, self.stream.wire, str(conversation).encode()
        cursor, gone = b"0", 0
        while True:
            cursor, flat = await wire.command(
                "HSCAN", keys.timer_events(partition), cursor, "COUNT", PAGE
            )
            for name, event in zip(flat[::2], flat[1::2], strict=True):
                if said in event or said in name:
                    await wire.command("ZREM", keys.timers(partition), name)
                    gone += int(await wire.command("HDEL", keys.timer_events(partition), name))
            if cursor == b"0":
                return gone

    async def _entries(self, key: str, conversation: UUID) -> tuple[int, int]:
        """Those of a stream that were taken out, and those that somebody works at."""
        gone, left, after = 0, 0, "-"
        while after:
            args: list[Argument] = [str(conversation), after, PAGE]
            more, taken, busy = await self.stream.wire.call(FORGET, [key], args)
            gone, left, after = gone + taken, left + busy, more.decode()
        return gone, left
