"""What open pages wait for: one reader per process, however many pages look.

A page subscribes from where its last visit ended; what happened meanwhile comes first, then what
happens. A page that is too slow, or the oldest of too many, is let go: it comes back by itself and
goes on where it stopped.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from redis.exceptions import RedisError

from services.wire import Wire, WireClosed

log = structlog.get_logger()
Entry: TypeAlias = tuple[str, bytes]
START = "0-0"
NOTHING: Entry = ("", b"nothing")
"""Nothing has come for a while."""
CATCH_UP = 500
BLOCK_MS = 200
WAITING = 1000
PAGES_PER_KEY = 4
PAUSE_S = 0.5
SUPERSEDED: Entry = ("", b"")
"""What the oldest of too many pages is told last: it must not come back."""


def place(entry: str) -> tuple[int, int]:
    """Where a stream id stands; text does not order them."""
    ms, _, nth = entry.partition("-")
    return int(ms), int(nth or 0)


@dataclass(eq=False, slots=True)
class Page:
    """One open page; None in its queue ends it."""

    who: str = ""
    queue: asyncio.Queue[Entry | None] = field(default_factory=lambda: asyncio.Queue(WAITING))

    async def next(self, beat_s: float | None) -> Entry | None:
        try:
            async with asyncio.timeout(beat_s):
                return await self.queue.get()
        except TimeoutError:
            return NOTHING

    def put(self, entry: Entry) -> bool:
        try:
            self.queue.put_nowait(entry)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)

    def supersede(self) -> None:
        if self.put(SUPERSEDED):
            self.end()


@dataclass(slots=True)
class Lines:
    """The lines of chats, as their pages see them arrive."""

    wire: Wire
    _pages: dict[str, list[Page]] = field(default_factory=dict)
    _cursors: dict[str, str] = field(default_factory=dict)
    _reader: asyncio.Task[None] | None = None
    _closed: bool = False

    async def follow(
        self, key: str, after: str, *, who: str = "", beat_s: float | None = None
    ) -> AsyncGenerator[Entry, None]:
        """Entries after the given one, in order, each once; SUPERSEDED when newer pages of the
        same `who` came, NOTHING when none did for `beat_s`."""
        if self._closed:
            return
        page = self._open(key, after, who)
        try:
            while past := await self._since(key, after):
                for entry in past:
                    after = entry[0]
                    yield entry
                if len(past) < CATCH_UP:
                    break
            while (news := await page.next(beat_s)) is not None:
                if news is SUPERSEDED or news is NOTHING:
                    yield news
                elif place(news[0]) > place(after):
                    after = news[0]
                    yield news
        finally:
            self._close(key, page)

    @property
    def open(self) -> int:
        """How many pages listen."""
        return sum(map(len, self._pages.values()))

    def close(self) -> None:
        """Ends every page, so that the server can stop; they come back to the next one."""
        self._closed = True
        for pages in self._pages.values():
            for page in pages:
                page.end()
        if self._reader is not None:
            self._reader.cancel()

    def _open(self, key: str, after: str, who: str) -> Page:
        page = Page(who)
        pages = self._pages.setdefault(key, [])
        pages.append(page)
        for superseded in [one for one in pages if one.who == who][:-PAGES_PER_KEY]:
            superseded.supersede()
        self._cursors.setdefault(key, after)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="web.lines")
        return page

    def _close(self, key: str, page: Page) -> None:
        self._pages[key].remove(page)
        if not self._pages[key]:
            del self._pages[key], self._cursors[key]

    async def _since(self, key: str, after: str) -> list[Entry]:
        """Nothing once the server stops, which may be told here first."""
        try:
            found: Any = await self.wire.redis.xrange(key, min=f"({after}", count=CATCH_UP)
        except WireClosed:
            self.close()
            return []
        return [(entry.decode(), fields[b"line"]) for entry, fields in found]

    async def _read(self) -> None:
        """Lives as long as a page looks."""
        while self._cursors:
            try:
                cursors: dict[Any, Any] = {**self._cursors}
                found: Any = await self.wire.redis.xread(cursors, CATCH_UP, BLOCK_MS)
            except WireClosed:
                self.close()
                return
            except (RedisError, OSError) as error:
                log.warning("web.lines_waiting", reason=str(error))
                await asyncio.sleep(PAUSE_S)
                continue
            for key, entries in found:
                self._hand_out(key.decode(), entries)

    def _hand_out(self, key: str, entries: list[tuple[bytes, dict[bytes, bytes]]]) -> None:
        if key not in self._cursors:
            return
        self._cursors[key] = entries[-1][0].decode()
        for entry, fields in entries:
            for page in list(self._pages[key]):
                page.put((entry.decode(), fields[b"line"]))
