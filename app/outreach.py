"""Keeps the broadcasts going: one bot at a time, each account at its own pace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
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
    """`due` is when each account may write again, on the loop's clock."""

    broadcasts: Broadcasts
    store: Store
    shop: UUID
    lease: Lease
    due: dict[str, float] = field(default_factory=dict)

    async def attend(self) -> None:
        """Until cancelled. While nothing is to be sent it costs one look at the table."""
        me = uuid4().hex
        while True:
            try:
                if await self._todo():
                    await self.lease.held(me, self._hold)
            except (StoreError, PartitionFull) as error:
                log.warning("outreach.waiting", reason=str(error))
            await asyncio.sleep(IDLE_S)

    async def _todo(self) -> Sequence[Broadcast]:
        async with self.store.reading() as session:
            return await outreach.running(session, self.shop)

    async def _hold(self, token: str) -> None:
        clock = asyncio.get_running_loop().time
        while await self.lease.renew(token):
            by_account: dict[str, list[Broadcast]] = {}
            for one in await self._todo():
                by_account.setdefault(one.account, []).append(one)
            if not by_account:
                return
            for account, running in by_account.items():
                if self.due.get(account, 0.0) <= clock():
                    self.due[account] = clock() + await self._step(account, running)
            soonest = min(self.due[account] for account in by_account) - clock()
            await asyncio.sleep(min(max(soonest, SHORTEST_S), self.lease.ttl_ms / 3000))

    async def _step(self, account: str, running: Sequence[Broadcast]) -> float:
        """Whom nobody can be offered now holds up no other broadcast, and no other account."""
        try:
            for one in running:
                wait_s = await self.broadcasts.waiting(one)
                if wait_s is not None:
                    return wait_s
        except (StoreError, PartitionFull) as error:
            log.warning("outreach.waiting", account=account, reason=str(error))
        return IDLE_S


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
