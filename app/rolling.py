"""Watches over the rollout of a running bot: one process at a time, every few seconds."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog

from app.parts import Parts
from learning.controller import Controller
from services.leases import Lease
from store.base import StoreError

log = structlog.get_logger()
TURNS: Final = 10
"""The guard rails are looked at each time, all of a stage's conversations every so many times."""


@dataclass(frozen=True, slots=True)
class Rolling:
    controller: Controller
    shop: UUID
    lease: Lease
    every_s: float

    async def attend(self) -> None:
        """Until cancelled; an outage is waited for."""
        me = uuid4().hex
        while True:
            try:
                await self.lease.held(me, self._hold)
            except StoreError as error:
                log.warning("rollout.waiting", reason=str(error))
            await asyncio.sleep(self.every_s)

    async def _hold(self, token: str) -> None:
        turn = 0
        while await self.lease.renew(token):
            await self.controller.guard(self.shop)
            if turn % TURNS == 0:
                await self.controller.step(self.shop)
            turn += 1
            await asyncio.sleep(self.every_s)


def rolling_of(parts: Parts) -> Rolling:
    settings = parts.settings
    knobs, prefix = settings.rollout, settings.redis.prefix
    ttl_ms = max(settings.events.lease_ms, round(3000 * knobs.every_s))
    lease = Lease(parts.wire, f"{prefix}:{{rollouts}}", ttl_ms)
    asks = settings.ratings.csat
    controller = Controller(parts.store, knobs, parts.replier.clock, asks=asks)
    return Rolling(controller, parts.shop, lease, knobs.every_s)
