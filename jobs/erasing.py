"""A customer is erased: blocked, forgotten by every store, and turned away where old data returns.

Whatever stops it, the next attempt goes on: all that is theirs is named in the request until the
last transaction, which takes the last rows, sets the tombstones and writes the receipt together.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from bot.channels.web import places_of
from bot.directory import Directory
from config.settings import Settings
from events.forgetting import Forgetting
from events.partitions import Keys
from events.stream import Stream
from handlers import pace
from jobs.attempts import Attempt
from jobs.exporting import drop
from learning.withdrawing import discard, withdraw
from services.clock import Clock, now
from services.files import Files
from services.wire import Wire, connect
from store.base import DanglingReference
from store.privacy import erasing, requests, tombstones
from store.privacy.persons import Person, find, late_replies
from store.privacy.places import Of
from store.privacy.tables import PrivacyRequest
from store.session import WriteSession, driver

ROUNDS: Final = 20
PAUSE_S: Final = 0.25
AGAIN_S: Final = 5.0
BUDGET_DAYS: Final = 3
MOST: Final = 1000
"""Requests of one person."""


class NoRedis(Exception):
    """What is remembered of a customer lies in Redis, too."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """`gone` counts what was taken out of each store, over all attempts."""

    attempt: Attempt
    settings: Settings
    wire: Wire
    request: UUID
    clock: Clock = now
    gone: Counter[str] = field(default_factory=Counter)

    @property
    def forgetting(self) -> Forgetting:
        keys = Keys(self.settings.redis.prefix, self.settings.events.partitions)
        return Forgetting(Stream(self.wire, keys))

    async def run(self, asked: PrivacyRequest) -> None:
        self.gone.update(asked.receipt.get("gone", {}))
        who = await self._begun(asked)
        for _ in range(ROUNDS):
            if await self._round(who):
                return
            await asyncio.sleep(PAUSE_S)
        async with self._step() as session:
            await self.attempt.rest(session, AGAIN_S)

    async def _round(self, who: Person) -> bool:
        """False where a stage works at something of theirs, or wrote down more of it between the
        rows that point and what they point at: then once more."""
        try:
            if not await self._forgotten(who):
                return False
            await self._left(who)
        except DanglingReference:
            await self.forgetting.block(who.conversations, erasing=True)
            return False
        return True

    async def _begun(self, asked: PrivacyRequest) -> Person:
        """Nothing is sent to them from here on; then everything until now is old."""
        if asked.scope is not None:
            who = Person.read(asked.shop_id, asked.scope)
            await self.forgetting.block(who.conversations, erasing=True)
            return who
        async with self.attempt.store.transaction() as session:
            customer = asked.customer_id or asked.id
            found = await find(await driver(session), asked.shop_id, customer)
        who = found or Person(asked.shop_id, (customer,))
        await self.forgetting.block(who.conversations, erasing=True)
        async with self._step() as session:
            await requests.begin(session, who.shop, self.request, who)
            at = self.clock()
            await requests.choose(session, who.shop, who.id, restricted_at=at, no_training=True)
            await tombstones.bury(await driver(session), who, at)
        return who

    async def _forgotten(self, who: Person) -> bool:
        """One round through all stores; False while a stage still works at something of theirs."""
        busy = await self._redis(who)
        await self._exports(who)
        async with self._step() as session:
            retrain_by = self.clock() + timedelta(days=self.settings.privacy.retrain_days)
            gone, folders = await withdraw(await driver(session), who, retrain_by)
            await discard(folders)
            await self._count(session, who, gone)
        for of in erasing.ORDER_OF_STEPS:
            if of == "talk":
                await self._orders(who)
            while await self._some(who, of):
                pass
        return not busy

    async def _some(self, who: Person, of: Of) -> bool:
        files = Files(self.settings.app.var / "media")
        async with self._step() as session:
            gone = await erasing.step(await driver(session), who, of, files.forget)
            await self._count(session, who, gone)
        return bool(gone)

    async def _orders(self, who: Person) -> None:
        async with self._step() as session:
            gone = await erasing.settle_orders(await driver(session), who, self.request)
            await self._count(session, who, gone)

    async def _redis(self, who: Person) -> bool:
        busy, gone, prefix = False, 0, self.settings.redis.prefix
        async with self.attempt.store.lookup() as connection:
            replies = await late_replies(connection, who)
        for talk in who.talks:
            found, holds = await self.forgetting.forget(talk.id, replies)
            gone, busy = gone + found, busy or holds
            gone += int(await self.wire.command("DEL", *places_of(prefix, talk.chat)))
            known = [talk.chat, *(name.external_id for name in who.names)]
            gone += await Directory(self.wire, prefix).forget(talk.account, known)
        today = self.clock().date()
        days = [today + timedelta(days=1 - back) for back in range(BUDGET_DAYS)]
        for one in who.ids:
            spent = [f"{prefix}:{{budget:{who.shop}}}:{day}:{one}" for day in days]
            paced = pace.places_of(prefix, one)
            gone += int(await self.wire.command("DEL", *spent, *paced))
        self.gone["redis"] += gone
        return busy

    async def _exports(self, who: Person) -> None:
        async with self.attempt.store.reading() as session:
            asked = await requests.listed(session, who.shop, customers=who.ids, limit=MOST)
        self._dropped(asked)

    def _dropped(self, asked: Sequence[PrivacyRequest]) -> None:
        for one in asked:
            if one.kind == "export":
                self.gone["exports"] += drop(self.settings, one.shop_id, one.id)

    async def _left(self, who: Person) -> None:
        await self._finished(who)
        async with self._step() as session:
            connection = await driver(session)
            gone = await erasing.leave(connection, who)
            await tombstones.bury(connection, who, self.clock())
            asked = await requests.listed(session, who.shop, customers=who.ids, limit=MOST)
            await requests.disown(session, who)
            # One that is being written meanwhile either is there by now, or finds itself disowned.
            self._dropped(asked)
            receipt = {"gone": self.gone + gone, "tombstones": len(who.conversations)}
            await requests.settle(
                session, who.shop, self.request, self.clock(), receipt, forget=True
            )
            await self.attempt.end(session, receipt)

    async def _finished(self, who: Person) -> None:
        """Before the end is written down: nobody would do it afterwards."""
        for one in who.conversations:
            await self.forgetting.finish(one)

    async def _count(self, session: WriteSession, who: Person, gone: Counter[str]) -> None:
        self.gone.update(gone)
        await requests.count(session, who.shop, self.request, {"gone": self.gone})

    @asynccontextmanager
    async def _step(self) -> AsyncIterator[WriteSession]:
        async with self.attempt.store.transaction() as session:
            await self.attempt.hold(session)
            yield session


async def erase(attempt: Attempt, settings: Settings) -> None:
    request = UUID(attempt.run.period)
    async with attempt.store.reading() as session:
        asked = await requests.request_of(session, attempt.run.shop, request)
    if asked is None or asked.state == "done":
        async with attempt.store.transaction() as session:
            await attempt.end(session, {})
        return
    if settings.redis.url is None:
        raise NoRedis("Set APRENDIZ_REDIS_URL for this worker")
    wire = Wire(connect(settings.redis.url.get_secret_value()))
    try:
        await Erasure(attempt, settings, wire, request).run(asked)
    finally:
        await wire.close()
