"""Keeps every process together within a network's limits, before it has to complain."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.channels.base import Rate
from services.wire import Argument, Wire, script

log = structlog.get_logger()

GATE, FREEZE, FROZEN = (script("bot", name) for name in ("gate", "freeze", "frozen"))


@dataclass(frozen=True, slots=True)
class Gate:
    """`patience_s` is how long `wait` holds its caller at most."""

    wire: Wire
    prefix: str = "aprendiz"
    patience_s: float = 2.0

    async def wait(self, account: str, rates: Sequence[Rate]) -> float:
        """0.0 when the send may leave now; otherwise the seconds after which to ask again."""
        if not rates:
            return 0.0
        clock = asyncio.get_running_loop()
        until = clock.time() + self.patience_s
        while True:
            left = until - clock.time()
            seconds, booked = await self._ask(account, rates, left)
            if booked and seconds == 0:
                return 0.0
            if seconds > left:
                return seconds
            await asyncio.sleep(seconds)
            if booked and not await self._frozen(account, rates):
                return 0.0

    async def freeze(self, account: str, rates: Sequence[Rate], seconds: float) -> None:
        """The network said "too many": the chat waits, or everybody when it is not alone."""
        if not rates:
            return
        chat = rates[-1].of
        keys = [self._freeze(account, rates[0]), self._freeze(account, rates[-1])]
        keys.append(f"{self.prefix}:{{gate:{account}}}:limited")
        everybody = await self.wire.call(FREEZE, keys, [chat, max(1, round(seconds * 1000))])
        log.warning(
            "channel.limited",
            account=account,
            chat=None if everybody else chat,
            seconds=seconds,
        )

    async def _ask(
        self, account: str, rates: Sequence[Rate], horizon_s: float
    ) -> tuple[float, bool]:
        keys = [key for rate in rates for key in self._keys(account, rate)]
        args: list[Argument] = [max(0, round(horizon_s * 1000))]
        for rate in rates:
            args += (rate.every_ms, rate.burst)
        wait_ms, booked = await self.wire.call(GATE, keys, args)
        return wait_ms / 1000, bool(booked)

    async def _frozen(self, account: str, rates: Sequence[Rate]) -> bool:
        """A booked send has slept meanwhile: the network may have complained."""
        return bool(await self.wire.call(FROZEN, [self._freeze(account, rate) for rate in rates]))

    def _keys(self, account: str, rate: Rate) -> tuple[str, str]:
        return f"{self.prefix}:{{gate:{account}}}:{rate.of}", self._freeze(account, rate)

    def _freeze(self, account: str, rate: Rate) -> str:
        return f"{self.prefix}:{{gate:{account}}}:frozen:{rate.of}"
