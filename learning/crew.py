"""Work on many pages of rows: by several processes where it is worth starting them."""

import asyncio
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from services.lineage import end_with

T = TypeVar("T")
Job: TypeAlias = tuple[Callable[..., T], tuple[Any, ...]]

WORTH_IT: Final = 20_000
"""Fewer rows are done before other processes have started."""
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Crew:
    """Without a pool, a thread of this process; `ahead` pages are given out at a time."""

    pool: Executor | None = None
    ahead: int = 1

    async def done(self, jobs: AsyncIterator[Job[T]]) -> AsyncGenerator[T, None]:
        """What comes of each, in the order in which they came."""
        loop, given = asyncio.get_running_loop(), deque[asyncio.Future[T]]()
        try:
            async for work, with_ in jobs:
                given.append(loop.run_in_executor(self.pool, work, *with_))
                if len(given) > self.ahead:
                    yield await given.popleft()
            while given:
                yield await given.popleft()
        finally:
            for one in given:
                one.cancel()


@contextmanager
def crew(rows: int) -> Iterator[Crew]:
    """Its processes end with this one, however it ends."""
    workers = min(os.cpu_count() or 1, MOST)
    if rows < WORTH_IT or workers == 1:
        yield Crew()
        return
    context = multiprocessing.get_context("spawn")
    parent = (os.getpid(), signal.SIGKILL)
    with ProcessPoolExecutor(workers, context, initializer=end_with, initargs=parent) as pool:
        try:
            yield Crew(pool, 2 * workers)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
