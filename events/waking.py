"""Where something was appended that no read of ours has seen yet: it never takes an entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from events.partitions import Keys, position
from services.wire import Wire

XREAD = ("XREAD", "COUNT", 1, "BLOCK", 500, "STREAMS")
START = b"0-0"


@dataclass(slots=True)
class Waker:
    """`wire` is its own: a read that blocks would hold up all others."""

    wire: Wire
    keys: Keys
    _tops: dict[int, bytes] = field(default_factory=dict)

    async def news(self, partitions: Sequence[int]) -> list[int]:
        """Waits for news in any of these; what they are is for a fenced read to find out."""
        by_name = {self.keys.stream(p).encode(): p for p in partitions}
        tops = [self.top(p) for p in partitions]
        outages = self.wire.outages
        found = await self.wire.command(*XREAD, *by_name, *tops)
        if self.wire.outages != outages:
            return list(partitions)
        return [
            by_name[name] for name, [(entry, _)] in found or () if self._new(by_name[name], entry)
        ]

    def saw(self, partition: int, entries: Iterable[bytes]) -> None:
        self._tops[partition] = max((self.top(partition), *entries), key=position)

    def top(self, partition: int) -> bytes:
        return self._tops.get(partition, START)

    def _new(self, partition: int, entry: bytes) -> bool:
        """Not where we have written it ourselves, and read it while the news were on their way."""
        new = position(entry) > position(self.top(partition))
        self.saw(partition, [entry])
        return new
