"""Keeps the broadcasts going: one bot at a time, each account at its own pace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog

from app.parts import Parts
from app.steps import quota
from events.stream import PartitionFull
from handlers.broadcasts import IDLE_S, Broadcasts
from handlers.hours import opening
from services.leases import Lease
from store import outreach
from store.base import StoreError
from store.dealings import Broadcast
from store.session import Store

log = structlog.get_logger()
SHORTEST_S: Final = 0.02


@dataclass(slots=True)
class Outreach:
    broadcasts: Broadcasts
    store: Store
    shop: UUID
    lease: Lease

    async def attend(self) -> None:
        """Until cancelled. While nothing is to be sent it costs one look at the table."""
        me = uuid4().hex
        while True:
            try:
                if await self._todo() and (token := await self.lease.acquire(me)) is not None:
                    try:
                        await self._hold(token)
                    finally:
                        await self.lease.release(token)
            except (StoreError, PartitionFull) as error:
                log.warning("outreach.waiting", reason=str(error))
            await asyncio.sleep(IDLE_S)

    async def _todo(self) -> Sequence[Broadcast]:
        async with self.store.reading() as session:
            return await outreach.running(session, self.shop)

    async def _hold(self, token: str) -> None:
        clock, due = asyncio.get_running_loop().time, dict[str, float]()
        while await self.lease.renew(token):
            first: dict[str, Broadcast] = {}
            for one in await self._todo():
                first.setdefault(one.account, one)
            if not first:
                return
            for account, one in first.items():
                if due.get(account, 0.0) <= clock():
                    due[account] = clock() + await self.broadcasts.waiting(one)
            soonest = min(due[account] for account in first) - clock()
            await asyncio.sleep(min(max(soonest, SHORTEST_S), self.lease.ttl_ms / 3000))


def outreach_of(parts: Parts) -> Outreach:
    settings = parts.settings
    knobs, prefix = settings.followups, settings.redis.prefix
    broadcasts = Broadcasts(
        store=parts.store,
        stream=parts.stream,
        knobs=settings.outreach,
        staff=settings.takeover,
        hours=opening(settings.hours, {knobs.days: knobs.hours}),
        reach=parts.reach,
        quota=quota(parts.wire, prefix),
    )
    lease = Lease(parts.wire, f"{prefix}:{{outreach}}", settings.events.lease_ms)
    return Outreach(broadcasts, parts.store, parts.shop, lease)
