"""Each night what is too old is masked or deleted, a few hundred rows at a time.

A night that is interrupted is begun again: masking twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from config.packs import load_pack
from config.privacy import PrivacySettings
from config.settings import Settings
from jobs.attempts import Attempt
from jobs.exporting import exports_of
from knowledge.prompt import own_recognisers
from services.clock import now
from services.files import Files
from store import datasets
from store.privacy import retention
from store.privacy.retention import CHUNK, Old
from store.session import Store, driver
from store.shops import shop_by_id
from text.privacy import Recogniser, scrub

EXPORT_D: Final = 7
"""A ZIP lies there for so long; its link works for a day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The moments before which something is too old."""

    chat: datetime
    media: datetime
    exports: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What is too old, or was: `since` is where the last night ended."""

    messages: int
    files: int
    bytes: int
    links: int
    exports: int
    since: datetime | None
    until: datetime


async def limits_of(store: Store, shop: UUID, settings: PrivacySettings, at: datetime) -> Limits:
    async with store.reading() as session:
        rule = await retention.rule_of(session, shop)
    chat = (rule.chat_days if rule else None) or settings.chat_days
    media = (rule.media_days if rule else None) or settings.media_days
    days = (at - timedelta(days=days) for days in (chat, media, EXPORT_D))
    return Limits(*days)


async def look(store: Store, shop: UUID, settings: Settings, at: datetime) -> Report:
    """What tonight would do, without doing it."""
    limits = await limits_of(store, shop, settings.privacy, at)
    async with store.lookup() as connection:
        since = await retention.masked_until(connection, shop)
        messages = await retention.count_messages(connection, shop, since, limits.chat)
        files, size = await retention.count_files(connection, shop, limits.media)
    old = len(exports_of(settings, shop, limits.exports))
    return Report(messages, files, size, 0, old, since, limits.chat)


async def retain(attempt: Attempt, settings: Settings) -> None:
    shop, at = attempt.run.shop, now()
    limits = await limits_of(attempt.store, shop, settings.privacy, at)
    night = Night(attempt, settings, limits, await _recognisers(attempt.store, shop))
    async with attempt.store.lookup() as connection:
        since = await retention.masked_until(connection, shop)
    messages = await night.mask(since)
    files, size = await night.forget_files()
    old = exports_of(settings, shop, limits.exports)
    for path in old:
        path.unlink(missing_ok=True)
    async with attempt.store.transaction() as session:
        connection = await driver(session)
        links = await retention.drop_links(connection, shop, at - timedelta(days=1))
        await retention.settle_notes(connection, shop, at - timedelta(days=1))
        await datasets.mark_stale(connection, shop)
        told = Report(messages, files, size, links, len(old), since, limits.chat)
        kept = {name: _plain(value) for name, value in asdict(told).items()}
        await attempt.end(session, kept)


@dataclass(frozen=True, slots=True)
class Night:
    attempt: Attempt
    settings: Settings
    limits: Limits
    own: tuple[Recogniser, ...]

    async def mask(self, since: datetime | None) -> int:
        store, shop, count = self.attempt.store, self.attempt.run.shop, 0
        for begin, end in windows(since, self.limits.chat):
            async with store.lookup() as connection:
                ids = await retention.old_messages(connection, shop, begin, end)
            for start in range(0, len(ids), CHUNK):
                await self._mask_some(ids[start : start + CHUNK])
            count += len(ids)
        return count

    async def _mask_some(self, ids: list[UUID]) -> None:
        shop = self.attempt.run.shop
        async with self.attempt.store.lookup() as connection:
            said = await retention.said(connection, shop, ids)
        masked = [self._masked(one) for one in said]
        async with self.attempt.store.transaction() as session:
            await self.attempt.hold(session)
            if masked:
                await retention.mask(await driver(session), shop, masked)

    def _masked(self, one: Old) -> Old:
        names = (one.name,) if one.name else ()
        text = scrub(one.text, extra=self.own, names=names).text
        reading = one.reading and scrub(one.reading, extra=self.own, names=names).text
        return replace(one, text=text, reading=reading)

    async def forget_files(self) -> tuple[int, int]:
        """The file first: a row without one is found again by nobody."""
        shop, kept = self.attempt.run.shop, Files(self.settings.app.var / "media")
        count = size = 0
        while True:
            async with self.attempt.store.transaction() as session:
                await self.attempt.hold(session)
                connection = await driver(session)
                found = await retention.old_files(connection, shop, self.limits.media)
                if not found:
                    return count, size
                for one in found:
                    if not one.shared:
                        kept.forget(one.path)
                await retention.let_go(connection, shop, found)
            count, size = count + len(found), size + sum(one.size for one in found)


def windows(
    since: datetime | None, until: datetime, days: int = 30
) -> Iterator[tuple[datetime | None, datetime]]:
    """A month at a time, so that no list of ids grows with a shop's age; the first one is open."""
    begin = since
    end = until - timedelta(days=12 * days) if begin is None else begin + timedelta(days=days)
    while end < until:
        yield begin, end
        begin, end = end, end + timedelta(days=days)
    yield begin, until


async def _recognisers(store: Store, shop: UUID) -> tuple[Recogniser, ...]:
    async with store.reading() as session:
        found = await shop_by_id(session, shop)
    return own_recognisers(load_pack(found.pack)) if found else ()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
