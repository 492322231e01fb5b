"""A link by which anybody may ask the bot: one at a time, for a week, and no more than that."""

import secrets
from dataclasses import dataclass
from typing import Final

from services.wire import Wire
from web.tokens import digest_of

STANDS_S: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Trial:
    """`key` is where Redis keeps what the link in use is known by."""

    wire: Wire
    key: str

    async def share(self) -> str:
        """A new one; the one before stops working."""
        token = secrets.token_urlsafe(24)
        await self.wire.command("SET", self.key, digest_of(token), "EX", STANDS_S)
        return token

    async def withdraw(self) -> None:
        await self.wire.command("DEL", self.key)

    async def is_shared(self) -> bool:
        return bool(await self.wire.command("EXISTS", self.key))

    async def opens(self, token: str) -> bool:
        known = await self.wire.command("GET", self.key)
        return known is not None and secrets.compare_digest(known, digest_of(token))
