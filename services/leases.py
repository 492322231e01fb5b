"""A lease in Redis: one holder at a time, with a fencing token that grows at every change of hands.

The holder renews; a dead holder's lease runs out. Whoever writes under a lease shows its token to
the script that writes, so a holder that was frozen past its lease changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.wire import Wire, script

ACQUIRE = script("services", "acquire")
RENEW = script("services", "renew")
RELEASE = script("services", "release")
PATIENCE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Lease:
    """`key` and its epoch share one slot when the key carries a hash tag."""

    wire: Wire
    key: str
    ttl_ms: int

    async def acquire(self, holder: str) -> str | None:
        token = await self.wire.call(
            ACQUIRE, [self.key, f"{self.key}:epoch"], [holder, self.ttl_ms]
        )
        return token.decode() if token else None

    async def held(self, holder: str, work: Callable[[str], Awaitable[None]]) -> None:
        """Does the work under our token and gives the lease back; nothing where it is another's."""
        token = await self.acquire(holder)
        if token is not None:
            try:
                await work(token)
            finally:
                await self.release(token)

    async def renew(self, token: str) -> bool:
        return bool(await self.wire.call(RENEW, [self.key], [token, self.ttl_ms]))

    async def release(self, token: str) -> None:
        """Politeness towards the next holder: while Redis is gone nobody waits for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self.wire.call(RELEASE, [self.key], [token])
