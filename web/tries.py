"""How often somebody may guess a password: five times, then a wait that doubles."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from services.wire import Wire, script

TRIES: Final = script("web", "tries")
DAY_MS: Final = 86_400_000


class Tried(NamedTuple):
    """`wait_ms` is 0 when this try may go on; with none `left` the next one has to wait."""

    wait_ms: int
    left: int


@dataclass(frozen=True, slots=True)
class Tries:
    """At most `times` in `window_ms`, for each `who`; then waits that long, twice as long, up
    to a day."""

    wire: Wire
    key: str
    times: int = 5
    window_ms: int = 900_000

    async def count(self, who: str) -> Tried:
        keys = self._keys(who)
        wait_ms, left = await self.wire.call(TRIES, keys, [self.times, self.window_ms, DAY_MS])
        return Tried(int(wait_ms), int(left))

    async def forget(self, who: str) -> None:
        """Whoever knew the password begins anew."""
        for key in self._keys(who):
            await self.wire.command("DEL", key)

    def _keys(self, who: str) -> list[str]:
        return [f"{self.key}:{{{who}}}", f"{self.key}:{{{who}}}:blocks"]
