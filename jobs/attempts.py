"""One attempt at a period: a lease kept alive by heartbeat, and an end that is written down."""

import asyncio
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import structlog

from jobs import statements
from jobs.schedule import AttemptLost, Run, Terms, claim, extend, fail, finish, hold, rest
from store.base import StoreUnavailable
from store.session import Store, WriteSession

log = structlog.get_logger()
LONGEST_ERROR = 2000


class Attempt:
    """Inside it the period is ours; whatever is raised is kept in the row before it goes on."""

    def __init__(self, store: Store, run: Run, number: int, terms: Terms) -> None:
        self.store, self.run, self.number, self.terms = store, run, number, terms
        self._ending = False
        self._lost = False
        self._worker: asyncio.Task[Any] | None = None
        self._heart: asyncio.Task[None] | None = None

    @classmethod
    async def claim(cls, store: Store, run: Run, terms: Terms) -> Self | None:
        number = await claim(store, run, terms)
        return None if number is None else cls(store, run, number, terms)

    async def end(self, session: WriteSession, result: dict[str, Any]) -> None:
        """Belongs into the transaction that makes the job's effect visible."""
        self._ending = True
        await finish(session, self.run, self.number, result)

    async def hold(self, session: WriteSession) -> None:
        """Belongs into every transaction on the way there. Raises AttemptLost."""
        await hold(session, self.run, self.number)

    async def mark(self, session: WriteSession, marks: dict[str, Any]) -> None:
        """How far it is, for whoever goes on: in the transaction of what is done until there.
        Raises AttemptLost."""
        values = {**self.run.key, "attempt": self.number, "marks": marks}
        if await session.scalar(statements.MARK, values) is None:
            raise AttemptLost(f"{self.run}: attempt {self.number}")

    async def rest(self, session: WriteSession, seconds: float) -> None:
        """Instead of an end: the same job goes on later, by whoever takes it up."""
        self._ending = True
        await rest(session, self.run, self.number, seconds)

    def hopeless(self) -> None:
        """What is raised from now on is raised for good: trying again changes nothing."""
        self.terms = replace(self.terms, failures=0)

    async def __aenter__(self) -> Self:
        self._worker = asyncio.current_task()
        self._heart = asyncio.create_task(self._beat(), name="heartbeat")
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.wait([self._heart])
        if self._lost and isinstance(error, asyncio.CancelledError):
            if self._worker is not None:
                self._worker.uncancel()
            raise AttemptLost(f"{self.run}: attempt {self.number}") from error
        if isinstance(error, Exception) and not isinstance(error, AttemptLost):
            await self._write_down(error)

    async def _write_down(self, error: Exception) -> None:
        what = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        ours = not isinstance(error, StoreUnavailable)
        state = await fail(self.store, self.run, self.number, what, self.terms, counted=ours)
        log.error("job.failed", run=str(self.run), attempt=self.number, state=state, error=what)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.terms.lease_s / 3)
            try:
                kept = await extend(self.store, self.run, self.number, self.terms)
            except StoreUnavailable as error:
                log.warning("job.heartbeat_missed", run=str(self.run), reason=str(error))
                continue
            if not kept:
                self._give_up()
                return

    def _give_up(self) -> None:
        """Unless the row is no longer ours because the job has just ended well."""
        if not self._ending and self._worker is not None:
            self._lost = True
            self._worker.cancel()
