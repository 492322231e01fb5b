"""A visitor's chat with the bot, from a page or from a program: how often, what is kept and shown.

Which chat it is comes from a secret that the visitor alone has.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal, TypeAlias, cast
from uuid import UUID

import msgspec

from bot.channels.base import Ingest
from bot.channels.web import KEEP, TTL_S, Line, WebChannel
from events.happened import named
from services.clock import Clock, now
from text.verdicts import DOWN, UP
from web.limits import Limit, soon

LONGEST: Final = 4000
SECRET: Final = re.compile(r"[0-9a-f]{32}")
KEY: Final = re.compile(r"[\w-]{8,64}")
ENTRY: Final = re.compile(r"\d{1,15}-\d{1,15}")
Side: TypeAlias = Literal["up", "down"]
EMOJI: Final[Mapping[Side, str]] = {"up": UP, "down": DOWN}


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

    async def line(self, chat: str, entry: str) -> Line | None:
        """One of the chat's own; None where it stands there no more. Raises Unavailable."""
        key = self.channel.lines(chat)
        found = await soon(self.channel.wire.command("XRANGE", key, entry, entry))
        return line_of(found[0][1][1]) if found else None

    async def rate(self, chat: str, entry: str, line: Line, side: Side | None) -> None:
        """Shown once it is stored; without a side what was thought before is taken back. Raises
        Unavailable."""
        emoji = EMOJI[side] if side else None
        once = secrets.token_urlsafe(12)
        await soon(self.ingest(self.channel.reaction(chat, entry, once, emoji, self.clock())))
        wire, key, answer = self.channel.wire, self.channel.thumbs(chat), answer_of(entry, line)
        kept = ("HSET", key, answer, side) if side else ("HDEL", key, answer)
        await soon(asyncio.gather(wire.command(*kept), wire.command("EXPIRE", key, TTL_S)))

    async def thumbs(self, chat: str) -> Mapping[str, Side]:
        """What the customer thinks of which answer. Raises Unavailable."""
        told = await soon(self.channel.wire.command("HGETALL", self.channel.thumbs(chat)))
        flat = [part.decode() for part in told]
        return dict(zip(flat[::2], cast("list[Side]", flat[1::2]), strict=True))

    def is_of(self, name: str) -> bool:
        """By the name that a shop gives its customers, or by its id; nobody else's is ours."""
        return name == str(self.shop) or named("shop", name) == self.shop


def line_of(told: bytes) -> Line:
    return msgspec.json.decode(told, type=Line)


def answer_of(entry: str, line: Line) -> str:
    """Whatever travels in several parts is thought of as one."""
    return line.reply or entry


def chat_of(secret: str) -> str:
    """The chat a secret opens; who reads the chat's name in a table cannot make the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def new_secret() -> str:
    return secrets.token_hex(16)
