"""A road to Redis that swallows answers: the commands arrive, what they did is never heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 65536


@dataclass(slots=True)
class Proxy:
    server: Path
    cuts: int = 0
    _deaf: bool = False
    _roads: set[asyncio.StreamWriter] = field(default_factory=set)
    _carrying: set[asyncio.Task[None]] = field(default_factory=set)

    async def lose_answers(self, seconds: float) -> None:
        """Every command of the next moments is carried out; every connection is then cut."""
        self._deaf = True
        await asyncio.sleep(seconds)
        for writer in list(self._roads):
            writer.transport.abort()
            self.cuts += 1
        self._deaf = False

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError):
            there, back = await asyncio.open_unix_connection(self.server)
            with closing(back):
                self._roads |= {writer, back}
                answering = asyncio.create_task(self._answer(there, writer))
                while chunk := await reader.read(CHUNK):
                    back.write(chunk)
                    await back.drain()
                self._roads -= {writer, back}
                answering.cancel()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if not self._deaf:
                    writer.write(chunk)

    async def close(self) -> None:
        for writer in self._roads:
            writer.transport.abort()
        await asyncio.gather(*self._carrying)


@asynccontextmanager
async def proxy(redis_url: str, path: Path) -> AsyncIterator[Proxy]:
    road = Proxy(Path(redis_url.removeprefix("unix://")))
    server = await asyncio.start_unix_server(road.accept, path)
    try:
        yield road
    finally:
        server.close()
        await road.close()
