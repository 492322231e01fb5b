"""When customers got their answers: told by the network in memory, heard by the generator.

Both ends use CLOCK_MONOTONIC, which is one clock for all processes of a machine.
"""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

RECORD = struct.Struct("<16sQ")


class Teller:
    """The stamp is taken at the call; what has gathered in a loop turn travels together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._gathered = bytearray()
        self._link: asyncio.WriteTransport | None = None
        self._carrying: asyncio.Task[None] | None = None

    def tell(self, answer: bytes) -> None:
        self._gathered += RECORD.pack(answer, time.monotonic_ns())
        if self._carrying is None:
            self._carrying = asyncio.create_task(self._carry())

    async def _carry(self) -> None:
        """Where no generator listens, nobody wants to know."""
        try:
            if self._link is None or self._link.is_closing():
                loop = asyncio.get_running_loop()
                self._link, _ = await loop.create_unix_connection(asyncio.Protocol, str(self._path))
            self._link.write(bytes(self._gathered))
        except OSError:
            self._link = None
        self._gathered.clear()
        self._carrying = None


class _Ear(asyncio.Protocol):
    def __init__(self, heard: Callable[[bytes, int], None]) -> None:
        self._heard = heard
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        whole = len(data) - len(data) % RECORD.size
        self._rest = data[whole:]
        for answer, moment in RECORD.iter_unpack(data[:whole]):
            self._heard(answer, moment)


@asynccontextmanager
async def listening(path: Path, heard: Callable[[bytes, int], None]) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(lambda: _Ear(heard), str(path))
    try:
        yield
    finally:
        server.close()
