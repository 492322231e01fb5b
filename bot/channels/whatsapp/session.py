"""One life of the process that holds a WhatsApp session, seen from the bot: what it tells is kept,
what it is asked is answered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import structlog

from bot.channels.whatsapp.child import Child
from bot.channels.whatsapp.protocol import (
    Complained,
    Deliver,
    Ended,
    Fetch,
    Offered,
    Said,
    Stored,
    Told,
    Wish,
)
from bot.channels.whatsapp.requests import Requests
from services.wire import WireClosed

log = structlog.get_logger()
LOOK_S, GRANT_S, CLOSE_S, FINISH_S = 0.05, 60.0, 0.5, 3.0
SILENCE_S = 60.0
HANGS = "the process that holds the session hung"


class Session:
    """`keep` returns once an event is stored, `tell` once everybody may know."""

    def __init__(
        self,
        child: Child,
        desk: Requests,
        keep: Callable[[Offered], Awaitable[None]],
        tell: Callable[[Told], Awaitable[None]],
        asked: asyncio.Event,
        *,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._child = child
        self._requests = desk
        self._keep = keep
        self._tell = tell
        self._asked = asked
        self._silence_s = silence_s
        self._ready = self._closed = False
        self._end: Told | None = None
        self._holder = uuid4().hex
        self._heard: asyncio.Queue[Offered | Told] = asyncio.Queue()
        self._waiting: dict[str, asyncio.Future[Ended]] = {}
        self._granting: set[asyncio.Task[None]] = set()

    async def run(self) -> Told:
        """How it ended. What is being sent when we are told to stop is finished first."""
        hearing = asyncio.create_task(self._hear())
        keeping = asyncio.create_task(self._keep_up())
        serving = asyncio.create_task(self._serve())
        try:
            done, _ = await asyncio.wait(
                [hearing, keeping, serving], return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
        finally:
            await self._close_desk(serving)
            if self._granting and not hearing.done():
                await asyncio.wait(self._granting, timeout=FINISH_S)
            self._give_up()
            for task in (hearing, keeping):
                task.cancel()
            await asyncio.wait([hearing, keeping, serving, *self._granting])
        broken = f"the process that holds the session died: {self._child.last_words()}"
        return self._end or Told(state="unwell", detail=broken, why="broken")

    async def _hear(self) -> None:
        try:
            async with asyncio.timeout(self._silence_s) as patience:
                async for frame in self._child.link.heard():
                    patience.reschedule(asyncio.get_running_loop().time() + self._silence_s)
                    self._take(frame)
        except TimeoutError:
            self._end = Told(state="unwell", detail=HANGS, why="broken")

    def _take(self, frame: Said) -> None:
        match frame:
            case Told() if frame.why:
                self._end = frame
            case Told():
                self._ready = frame.state == "ready"
                self._heard.put_nowait(frame)
            case Offered():
                self._heard.put_nowait(frame)
            case Ended():
                self._end_of(frame)
            case Complained(text=text):
                log.error("whatsapp.bug", account=self._requests.account, reason=text)

    async def _keep_up(self) -> None:
        while True:
            frame = await self._heard.get()
            if isinstance(frame, Told):
                await self._tell(frame)
            else:
                await self._keep(frame)
                self._child.link.put(Stored(numbers=(frame.number,)))

    async def _serve(self) -> None:
        """Takes wishes while WhatsApp is there to grant them; the others wait, or are withdrawn."""
        while not self._closed:
            self._asked.clear()
            for key in await self._requests.waiting() if self._ready else ():
                if self._closed:
                    return
                wish = await self._requests.take(key, self._holder)
                if wish is not None and wish.request not in self._waiting:
                    self._begin(wish)
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def _close_desk(self, serving: asyncio.Task[None]) -> None:
        """A wish that is being taken is still granted: it is ours already, for ever."""
        self._closed = True
        self._asked.set()
        await asyncio.wait([serving], timeout=CLOSE_S)
        serving.cancel()

    def _begin(self, wish: Wish) -> None:
        self._waiting[wish.request] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._grant(wish, self._waiting[wish.request]))
        self._granting.add(task)
        task.add_done_callback(self._granted)

    async def _grant(self, wish: Wish, answer: asyncio.Future[Ended]) -> None:
        try:
            if answer.done():
                end = Ended(request=wish.request, how="later", text="the session has ended")
            else:
                self._child.link.put(wish)
                async with asyncio.timeout(GRANT_S):
                    end = await answer
        except TimeoutError:
            end = Ended(request=wish.request, how="unknown", text="no answer came in time")
        finally:
            del self._waiting[wish.request]
        if isinstance(wish, Deliver) and end.how == "done":
            await self._requests.remember(end.text, wish.request)
        if isinstance(wish, Fetch) and end.how == "done":
            end = await self._moved(end)
        await self._requests.answer(end)

    async def _moved(self, end: Ended) -> Ended:
        """The file goes to whoever asked for it, perhaps on another machine."""
        file = Path(end.text)
        contents = await asyncio.to_thread(file.read_bytes)
        await asyncio.to_thread(file.unlink)
        count = await self._requests.put_file(end.request, contents)
        return msgspec.structs.replace(end, text=str(count))

    def _granted(self, task: asyncio.Task[None]) -> None:
        self._granting.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            level = log.debug if isinstance(error, WireClosed) else log.error
            level("whatsapp.wish_failed", account=self._requests.account, reason=repr(error))

    def _end_of(self, end: Ended) -> None:
        answer = self._waiting.get(end.request)
        if answer is not None and not answer.done():
            answer.set_result(end)

    def _give_up(self) -> None:
        for request in list(self._waiting):
            died = "the process that holds the session ended while sending"
            self._end_of(Ended(request=request, how="unknown", text=died))
