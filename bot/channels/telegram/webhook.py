"""Where Telegram may call us: an address nobody can guess, with a secret besides."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channels.base import Answer, Call, NotStored
from bot.channels.calls import equal, parsed

LARGEST = 1_000_000
PATIENCE_S = 5.0
STORED, FORBIDDEN, WRONG_METHOD, TOO_LARGE, LATER = 200, 403, 405, 413, 503
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105  the header's name


@dataclass(frozen=True, slots=True)
class Address:
    """`base` is our public address; without one the channel polls."""

    base: str | None
    path: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def url(self) -> str:
        return f"{(self.base or '').rstrip('/')}{self.path}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Telegram repeats what does not get 200, so that is said only of what is stored."""

    address: Address
    take: Callable[[object], Awaitable[None]]
    patience_s: float = PATIENCE_S

    async def __call__(self, call: Call) -> Answer:
        return Answer(await self._status(call))

    async def _status(self, call: Call) -> int:
        if call.method != "POST":
            return WRONG_METHOD
        if not equal(call.headers.get(SECRET, ""), self.address.secret):
            return FORBIDDEN
        if len(call.body) > LARGEST:
            return TOO_LARGE
        try:
            async with asyncio.timeout(self.patience_s):
                await self.take(parsed(call.body))
        except (NotStored, TimeoutError):
            return LATER
        return STORED
