"""What the bot and the process that holds a WhatsApp session say to each other, and how.

A frame is its length in four bytes, then msgpack. The link is a socket pair nobody else can open:
what the library prints is never taken for one of these.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any, Literal, TypeAlias

import msgspec

from events.contents import Attachment, Reaction

LARGEST = 4 << 20
_LENGTH = struct.Struct(">I")


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """One thing said."""


class Begin(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """The first one: a session may hold a password, so it never stands on a command line."""

    account: str
    folder: str
    session: str = ""
    phone: str = ""
    online: bool = False
    pace: float = 0.0


class Stored(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """These journal entries are durable elsewhere."""

    numbers: tuple[int, ...]


class Deliver(Frame, frozen=True, kw_only=True, omit_defaults=True):
    request: str
    chat: str
    text: str = ""
    reply_to: str | None = None
    extra: Attachment | Reaction | None = None


class Attend(Frame, frozen=True, kw_only=True, omit_defaults=True):
    request: str
    chat: str
    platform_id: str | None = None


class Fetch(Frame, frozen=True, kw_only=True, omit_defaults=True):
    request: str
    ref: str
    limit: int


Wish: TypeAlias = Deliver | Attend | Fetch


class Offered(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """A journal entry: when it was heard, and whether the network was catching up. A sign that
    passes, as of who is writing, is in no journal: its number is 0."""

    number: int
    at_ms: int
    body: dict[str, Any]
    offline: bool = False


Why: TypeAlias = Literal[
    "", "logged_out", "replaced", "banned", "outdated", "unreachable", "unpaired", "missing",
    "busy", "broken",
]  # fmt: skip


class Told(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """How the session is. With `why` it is over; `until` is the end of a ban, in seconds."""

    state: Literal["pairing", "ready", "unwell", "refused"]
    detail: str = ""
    qr: str = ""
    code: str = ""
    why: Why = ""
    until: int = 0


class Ended(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """How a wish ended. `text` is the message's id, the file's path, or the reason."""

    request: str
    how: Literal["done", "later", "never", "unknown", "too_large", "gone"]
    text: str = ""
    seconds: float = 0.0


class Alive(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """Said every second, so that one that hangs is noticed."""


class Complained(Frame, frozen=True, kw_only=True, omit_defaults=True):
    """A bug of ours over there; it must not be lost in a library's log."""

    text: str


Said: TypeAlias = Begin | Stored | Wish | Offered | Told | Ended | Alive | Complained
_WISHES: msgspec.msgpack.Decoder[Wish] = msgspec.msgpack.Decoder(Wish)
_FRAMES: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
_encode = msgspec.msgpack.Encoder().encode


def fits(frame: Said) -> bool:
    return len(_encode(frame)) <= LARGEST


def packed(wish: Wish) -> bytes:
    return _encode(wish)


def unpacked(body: bytes) -> Wish:
    return _WISHES.decode(body)


class Link:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def put(self, frame: Said) -> None:
        body = _encode(frame)
        self._writer.write(_LENGTH.pack(len(body)) + body)

    async def say(self, frame: Said) -> None:
        """Waits while the other side is slow. Raises OSError when it is gone."""
        self.put(frame)
        await self.drained()

    async def drained(self) -> None:
        await self._writer.drain()

    async def heard(self) -> AsyncIterator[Said]:
        """Ends when the other side is gone, in the middle of a frame too."""
        while True:
            try:
                (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
                if length > LARGEST:
                    return
                body = await self._reader.readexactly(length)
            except (asyncio.IncompleteReadError, OSError):
                return
            yield _FRAMES.decode(body)

    def close(self) -> None:
        self._writer.close()


async def linked(connection: socket.socket) -> Link:
    return Link(*await asyncio.open_unix_connection(sock=connection))
