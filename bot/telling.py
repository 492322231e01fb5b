"""Tells how an account is, beside whatever it does: nothing that is told ever holds up a call."""

import asyncio
from collections.abc import Coroutine

import structlog

from bot.states import State, States
from services.wire import WireClosed

log = structlog.get_logger()

GOODBYE_S = 1.0


class Teller:
    """One process's word about one account. Without `states` it tells nobody."""

    def __init__(self, account: str, states: States | None) -> None:
        self._account = account
        self._states = states
        self._told: tuple[State, str] | None = None
        self._doing: set[asyncio.Task[None]] = set()

    def tell(self, state: State, detail: str = "") -> None:
        """Once for each change."""
        if self._states is None or self._told == (state, detail):
            return
        self._told = (state, detail)
        self.begin(self._tell(self._states, state, detail))

    def said(self, *states: State) -> bool:
        """Whether the last thing told was one of these; others may have told more since."""
        return self._told is not None and self._told[0] in states

    def begin(self, work: Coroutine[None, None, None]) -> None:
        """Whatever else has to be written down meanwhile."""
        task = asyncio.create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _tell(self, states: States, state: State, detail: str) -> None:
        try:
            await states.tell(self._account, state, detail)
        except WireClosed:
            log.debug("channel.not_told", account=self._account, state=state)

    async def settled(self) -> None:
        """What was told last is there, unless Redis is not."""
        if self._doing:
            await asyncio.wait(self._doing, timeout=GOODBYE_S)

    async def close(self) -> None:
        await self.settled()
        for task in self._doing:
            task.cancel()
