"""Tells each of the shop's people who wants it what the week came to, once, whoever is killed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from app.noticing import notices
from app.parts import Parts
from app.reporting import cause_of
from config.settings import Settings
from events.effects import Retry
from events.happened import caused_by
from handlers.hours import Hours, opening
from handlers.notices import Notice, Notices, Staff, told_to
from jobs.cadences import WEEKLY
from learning.figures import Figures
from learning.weekly import told
from services.clock import Clock
from store import audit, counting, facts, weekly
from store.app import Shop
from store.audit import Actor
from store.base import StoreError
from store.facts import Report
from store.session import Store
from store.shops import shop_by_id

log = structlog.get_logger()
EVERY_S: Final = 5.0
STALE: Final = timedelta(days=6)
"""Of a week that nobody could be told of until the next one ends, nobody wants to hear."""
TELEGRAM: Final = "telegram:"


@dataclass(frozen=True, slots=True)
class Weekly:
    """Only in `hours` is anybody written to. Whose chat is not among `staff` any more, is no
    person of the shop's."""

    store: Store
    shop: UUID
    notices: Notices
    staff: Sequence[str]
    hours: Hours
    clock: Clock

    async def attend(self) -> None:
        """Until cancelled; an outage is waited for."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                log.warning("weekly.waiting", reason=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """How many weeks were told."""
        if not self.hours.is_open(self.clock()):
            return 0
        async with self.store.reading() as session:
            since = self.clock() - STALE
            waiting = await facts.waiting_reports(session, self.shop, since, weekly=True)
            shop = await shop_by_id(session, self.shop) if waiting else None
        done = [await self._tell(one, shop) for one in waiting if shop is not None]
        return sum(done)

    async def _tell(self, one: Report, shop: Shop) -> bool:
        """Ids derive from the week's and the chat's: killed before it is marked, nobody is told
        again, nor by another process."""
        cause = cause_of(one, self.clock)
        async with self.store.reading() as session:
            found = await weekly.readers(session, self.shop)
            people = {Staff.read(chat): way for chat, way in found if chat in self.staff}
            ids = {person: caused_by(cause.id, told_to(person)) for person in people}
            known = await facts.outcomes(session, self.shop, list(ids.values()))
        for person, locale in people.items():
            if ids[person] in known:
                continue
            notice = await self._notice(one, shop, locale)
            outcome = await replace(self.notices, staff=(person,)).tell(cause, notice)
            if isinstance(outcome, Retry):
                log.warning("weekly.waiting", reason=outcome.reason)
                return False
        return await self._mark(one, list(ids.values()))

    async def _mark(self, one: Report, replies: list[UUID]) -> bool:
        async with self.store.transaction() as session:
            first = await weekly.mark_told(session, self.shop, one.period, self.clock(), replies)
            if first:
                await audit.record(
                    session, self.shop, Actor(WEEKLY), "report.weekly_sent", f"week:{one.period}",
                    after={"count": len(replies)}, clock=self.clock,
                )  # fmt: skip
        return first

    async def _notice(self, one: Report, shop: Shop, locale: str | None) -> Notice:
        figures = Figures.read(one.figures)
        rows = [UUID(row) for row, _ in figures.unanswered]
        asked = await counting.questions(self.store, self.shop, rows)
        questions = {str(row): question for row, question in asked.items()}
        language = locale or self.notices.pack.identity.language
        return Notice(told(figures, one.figures["before"], questions, shop.currency, language))


def reachable(settings: Settings) -> tuple[str, ...]:
    """The Telegram chats of the shop's own people."""
    return tuple(one for one in settings.takeover.staff if one.startswith(TELEGRAM))


def weekly_of(parts: Parts) -> Weekly | None:
    """None where nobody could be told."""
    settings, clock = parts.settings, parts.replier.clock
    found = notices(settings, parts.pack, parts.stream, parts.reach, clock)
    if found is None or not reachable(settings):
        return None
    knobs = settings.followups
    hours = opening(settings.hours, {knobs.days: knobs.hours})
    return Weekly(parts.store, parts.shop, found, reachable(settings), hours, clock)
