"""Tells the shop's people the reports that wait for it: each of them once, whoever is killed."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from app.noticing import notices
from app.parts import Parts
from config.packs import Pack
from config.settings import Settings
from events.effects import Retry
from events.happened import Happened, caused_by, named
from handlers.notices import Notice, Notices, Staff, told_to
from learning.figures import Figures
from learning.fortnight import brief, told
from services.clock import Clock
from store import counting, facts
from store.app import Shop
from store.base import StoreError
from store.facts import Report
from store.session import Store
from store.shops import shop_by_id

log = structlog.get_logger()
EVERY_S: Final = 5.0
STALE: Final = timedelta(days=7)
"""A report that nobody could be told for so long is news no more."""


@dataclass(frozen=True, slots=True)
class Reports:
    """`notices` go to those who get reports, none of whom is a customer."""

    store: Store
    shop: UUID
    notices: Notices
    clock: Clock

    async def attend(self) -> None:
        """Until cancelled; an outage is waited for."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                log.warning("report.waiting", reason=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """How many were told."""
        async with self.store.reading() as session:
            waiting = await facts.waiting_reports(session, self.shop, self.clock() - STALE)
            shop = await shop_by_id(session, self.shop)
        done = [await self._tell(one, shop) for one in waiting if shop is not None]
        return sum(done)

    async def _tell(self, one: Report, shop: Shop) -> bool:
        """Somebody who was told before a crash is known by the id of their notice, in the stream
        for two days, and in the database for ever."""
        cause = cause_of(one, self.clock)
        ids = {person: caused_by(cause.id, told_to(person)) for person in self.notices.staff}
        async with self.store.reading() as session:
            known = await facts.outcomes(session, self.shop, list(ids.values()))
        left = tuple(person for person, reply in ids.items() if reply not in known)
        notice = await said(self.store, shop, Figures.read(one.figures), self.notices.pack)
        outcome = await replace(self.notices, staff=left).tell(cause, notice)
        if isinstance(outcome, Retry):
            log.warning("report.waiting", reason=outcome.reason)
            return False
        async with self.store.transaction() as session:
            replies = list(ids.values())
            await facts.mark_told(session, self.shop, one.period, self.clock(), replies)
        return True


def cause_of(one: Report, clock: Clock) -> Happened:
    """Reports have no event of their own: what follows from one derives from its name."""
    which = named("report", str(one.shop_id), one.period)
    at = clock()
    return Happened(
        id=which, shop=one.shop_id, account="", conversation=which, request_id=which, at=at,
        received_at=at,
    )  # fmt: skip


async def said(store: Store, shop: Shop, figures: Figures, pack: Pack) -> Notice:
    """As a message, in the language of the shop's pack."""
    rows = [UUID(row) for row, _ in figures.unanswered]
    asked = await counting.questions(store, shop.id, rows)
    known = {str(row): question for row, question in asked.items()}
    language = pack.identity.language
    text = told(figures, known, shop.currency, language)
    return Notice(text, brief(figures, shop.currency, language))


def readers(settings: Settings) -> tuple[str, ...]:
    """People of the shop, all of them unless some are named: whoever is not is a customer."""
    staff, wanted = settings.takeover.staff, settings.cadences.report_to
    return tuple(one for one in staff if one in wanted) if wanted else tuple(staff)


def reports_of(parts: Parts) -> Reports | None:
    """None where there is nobody to tell."""
    settings, people = parts.settings, readers(parts.settings)
    found = notices(settings, parts.pack, parts.stream, parts.reach, parts.replier.clock)
    if found is None or not people:
        return None
    mine = tuple(Staff.read(one) for one in people)
    own = replace(found, staff=mine, template=settings.cadences.template)
    return Reports(parts.store, parts.shop, own, parts.replier.clock)
