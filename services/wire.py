"""One coalescing connection to Redis: concurrent calls of a loop turn travel as one pipeline.

A call is a script that may be repeated after a lost answer, so the wire itself waits out an outage
and sends the same calls again; callers that may not wait bound it with a timeout.

WireClosed  the process is stopping; the call was not confirmed
WireOutage  a call to be sent `once` was not answered; it may have been carried out
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha1
from importlib import resources
from typing import Any, Final, TypeAlias, cast

import hiredis
import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

log = structlog.get_logger()

Argument: TypeAlias = str | bytes | int
PACK = cast("Callable[[tuple[Argument, ...]], bytes]", hiredis.pack_command)
"""Its own type says one element; it packs any number, ten times faster than redis-py."""
CHUNK = 1 << 16
PATIENCE_S = 10.0
PAUSES = (0.02, 0.05, 0.1, 0.25, 0.5)
WAITING = re.compile(r"\b(LOADING|MISCONF|OOM|BUSY|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN)\b")
"""Errors by which a server says "not now": nothing was written, the same call may succeed later."""


class WireClosed(Exception):
    """The wire was closed under a call."""


class WireOutage(Exception):
    """Redis cannot take a call now: the connection broke, or it said one of WAITING."""


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script; its first argument at the call is the number of keys."""

    body: str
    sha: str


KNOWN: Final[set[Script]] = set()
"""Every script of this process. A server learns them with the connection: one that it had to be
taught in the middle would run after the calls that were sent behind it."""


def script(package: str, name: str) -> Script:
    body = resources.files(package).joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
    found = Script(body, sha1(body.encode(), usedforsecurity=False).hexdigest())
    KNOWN.add(found)
    return found


def connect(url: str, *, connections: int = 20) -> Redis:
    """A client that neither retries by itself nor decodes. RESP2, because 3 reshapes streams."""
    pool = BlockingConnectionPool.from_url(
        url, max_connections=connections, timeout=10, protocol=2, socket_connect_timeout=2,
        socket_timeout=None, retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    return Redis.from_pool(pool)


@dataclass(slots=True)
class _Call:
    command: tuple[Argument, ...]
    script: Script | None
    answer: asyncio.Future[Any]
    once: bool = False


class Wire:
    """`call` and `command` may be awaited by any number of tasks of one event loop.

    `outages` grows with every exchange that broke: a call during which it grew may have been
    carried out before, and its first answer lost.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: list[_Call] = []
        self._flying: list[_Call] = []
        self._news = asyncio.Event()
        self._link: AbstractConnection | None = None
        self._parser = hiredis.Reader(replyError=ResponseError)
        self.outages = 0
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    @property
    def redis(self) -> Redis:
        """For what cannot travel with the rest: reads that block, scans. Raises WireClosed once
        closed, because a pool that was closed opens connections again which nobody closes."""
        if self._closed:
            raise WireClosed
        return self._redis

    def call(
        self, run: Script, keys: Sequence[str], args: Sequence[Argument] = (), *, once: bool = False
    ) -> asyncio.Future[Any]:
        """Begins at once; many calls may be begun before the first is awaited."""
        answer = asyncio.get_running_loop().create_future()
        command = ("EVALSHA", run.sha, len(keys), *keys, *args)
        return self._put(_Call(command, run, answer, once))

    def command(self, *parts: Argument) -> asyncio.Future[Any]:
        """A plain command; it must bear being repeated."""
        return self._put(_Call(parts, None, asyncio.get_running_loop().create_future()))

    def _put(self, call: _Call) -> asyncio.Future[Any]:
        answer = call.answer
        if self._closed:
            answer.set_exception(WireClosed())
            return answer
        if self._task is None:
            self._task = asyncio.create_task(self._carry(), name="wire")
            self._task.add_done_callback(self._ended)
        self._waiting.append(call)
        self._news.set()
        return answer

    async def _carry(self) -> None:
        failures = 0
        while not self._closed:
            await self._news.wait()
            await asyncio.sleep(0)  # whoever is woken by the same news joins this trip
            self._news.clear()
            calls = [call for call in self._waiting if not call.answer.done()]
            self._waiting, self._flying = [], calls
            if not calls:
                continue
            try:
                left = await self._exchange(calls)
            except (RedisError, OSError, TimeoutError, WireOutage) as error:
                await self._drop()
                self.outages += 1
                left = calls
                once = [call for call in calls + self._waiting if call.once]
                _let_go(once, WireOutage(str(error)))
                if failures == 0:
                    log.warning("redis.waiting", reason=str(error) or type(error).__name__)
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
            else:
                if failures:
                    log.info("redis.back", attempts=failures)
                failures = 0
            if left:
                self._waiting = left + self._waiting
                self._news.set()

    async def _exchange(self, calls: list[_Call]) -> list[_Call]:
        """Answers the calls; gives back those that must be sent again.

        Each caller goes on as soon as its own answer is there: we work while Redis still does.
        """
        fresh = self._link is None
        link = await self._connection()
        again: list[_Call] = []
        outage = None
        async with asyncio.timeout(PATIENCE_S):  # a peer that is gone says nothing at all
            if fresh:
                await self._teach(link, KNOWN)
            await link.send_packed_command(b"".join([PACK(call.command) for call in calls]))
            for call in calls:
                while (answer := self._parser.gets()) is False:
                    await self._feed(link)
                if not isinstance(answer, ResponseError):
                    if not call.answer.done():
                        call.answer.set_result(answer)
                elif str(answer).startswith("NOSCRIPT"):
                    again.append(call)
                elif WAITING.search(str(answer)):
                    outage = answer
                elif not call.answer.done():
                    call.answer.set_exception(answer)
            await self._teach(link, {call.script for call in again if call.script})
        if outage is not None:
            raise WireOutage(str(outage))
        return again

    async def _feed(self, link: AbstractConnection) -> None:
        """A whole chunk at once: redis-py arms a timer for every single reply."""
        stream: Any = link._reader  # noqa: SLF001  its only door
        chunk = await stream.read(CHUNK)
        if not chunk:
            raise RedisConnectionError("the server closed the connection")
        self._parser.feed(chunk)

    async def _teach(self, link: AbstractConnection, scripts: set[Script]) -> None:
        for one in scripts:
            await link.send_packed_command(PACK(("SCRIPT", "LOAD", one.body)))
            while self._parser.gets() is False:
                await self._feed(link)

    async def _connection(self) -> AbstractConnection:
        if self._link is None:
            pool: Any = self._redis.connection_pool
            self._link = await pool.get_connection()
            self._parser = hiredis.Reader(replyError=ResponseError)
        return self._link

    async def _drop(self) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            with suppress(RedisError, OSError):
                await link.disconnect(nowait=True)
            pool: Any = self._redis.connection_pool
            await pool.release(link)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A wire that broke by a bug of ours must not leave its callers waiting."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("redis.wire_broken", reason=repr(error))
            self._give_up()

    def _give_up(self) -> None:
        self._closed = True
        _let_go(self._flying + self._waiting, WireClosed())
        self._waiting = []

    async def close(self) -> None:
        """Gives up on calls without an answer. The caller has waited for those that matter."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._drop()
        self._give_up()
        await self._redis.aclose()


def _let_go(calls: Sequence[_Call], why: WireOutage | WireClosed) -> None:
    for call in calls:
        if not call.answer.done():
            call.answer.set_exception(type(why)(*why.args))
