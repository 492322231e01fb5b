"""A visitor's chat with the bot, from a page or from a program: how often, what is kept and shown.

Which chat it is comes from a secret that the visitor alone has.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final
from uuid import UUID

import msgspec

from bot.channels.base import Ingest
from bot.channels.web import KEEP, Line, WebChannel
from events.happened import named
from services.clock import Clock, now
from web.limits import Limit, soon

LONGEST: Final = 4000
SECRET: Final = re.compile(r"[0-9a-f]{32}")
KEY: Final = re.compile(r"[\w-]{8,64}")
ENTRY: Final = re.compile(r"\d{1,15}-\d{1,15}")


@dataclass(frozen=True, slots=True)
class Chatting:
    shop: UUID
    channel: WebChannel
    ingest: Ingest
    per_chat: Limit
    per_address: Limit
    clock: Clock = now

    async def wait_s(self, chat: str, address: str) -> int:
        """Counts one message; 0 when it is allowed. Raises Unavailable."""
        waits = [
            await soon(self.per_chat.wait_ms(chat)),
            await soon(self.per_address.wait_ms(address)),
        ]
        return ceil(max(waits) / 1000)

    async def say(self, chat: str, key: str, text: str) -> str:
        """Where it stands among the lines. Both in one pipeline, so that the answer can never
        stand above the question. Raises Unavailable.

        The key carries the text too: a retry lands once, but a corrected text is another message.
        """
        page_key = key if KEY.fullmatch(key) else secrets.token_urlsafe(12)
        once = f"{page_key}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        event = self.channel.message(chat, once, text, self.clock())
        shown = self.channel.show(chat, f"customer:{once}", "customer", text)
        entry, _ = await soon(asyncio.gather(shown, self.ingest(event)))
        return entry

    async def past(self, chat: str, after: str = "-") -> Sequence[tuple[str, Line]]:
        """What was said, the oldest first. Raises Unavailable."""
        wire, key = self.channel.wire, self.channel.lines(chat)
        begins = "-" if after == "-" else f"({after}"
        found = await soon(wire.command("XRANGE", key, begins, "+", "COUNT", KEEP * 2))
        return [(entry.decode(), line_of(fields[1])) for entry, fields in found]

    def is_of(self, name: str) -> bool:
        """By the name that a shop gives its customers, or by its id; nobody else's is ours."""
        return name == str(self.shop) or named("shop", name) == self.shop


def line_of(told: bytes) -> Line:
    return msgspec.json.decode(told, type=Line)


def chat_of(secret: str) -> str:
    """The chat a secret opens; who reads the chat's name in a table cannot make the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def new_secret() -> str:
    return secrets.token_hex(16)
