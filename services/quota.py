"""How many different things may be done within a rolling window, by all processes together."""

from dataclasses import dataclass

from services.wire import Wire, script

QUOTA = script("services", "quota")


@dataclass(frozen=True, slots=True)
class Quota:
    wire: Wire
    key: str
    window_s: float

    async def wait_s(self, who: str, name: str, most: int) -> float:
        """0 when `name` may go and is counted, once however often it asks; else how long until
        there is room."""
        keys = [place(self.key, who)]
        ms = await self.wire.call(QUOTA, keys, [name, most, round(self.window_s * 1000)])
        return int(ms) / 1000


def place(key: str, who: str) -> str:
    return f"{key}:{{{who}}}"
