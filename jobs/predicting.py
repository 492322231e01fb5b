"""The jobs about risks: every loan and instalment asked about, and a model trained when somebody
wants one.

A night's predictions are of what was known when the day was over; asked for today, of what is known
by now. They are written some clients at a time, and the place is kept in the job's row with them:
whoever takes over from a dead worker goes on there.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, get_args
from uuid import UUID

import structlog

from config.opening import zone_of
from config.settings import Settings
from jobs import statements
from jobs.attempts import Attempt
from jobs.cadences import RISK, days_of
from jobs.schedule import RISK_TRAINING, Run
from jobs.telling import beating, told_of
from prediction.errors import RiskError
from prediction.foretelling import Foretelling
from prediction.learning import Asked, keep, learn, proven
from services.clock import now
from store.books import FIRST
from store.predicting import Of
from store.session import WriteSession
from store.work import marks

log = structlog.get_logger()
OFS: Final[tuple[Of, ...]] = get_args(Of)
BY: Final = "job"


class RiskImpossible(Exception):
    """The job cannot be done here; the message says why."""


def training_of(shop: UUID, of: Of) -> Run:
    return Run(RISK_TRAINING, shop, of)


@asynccontextmanager
async def watched(attempt: Attempt, settings: Settings) -> AsyncIterator[None]:
    """Open pages follow it, and look again when it has ended."""
    async with told_of(settings, attempt.run.shop) as tell:
        beat = asyncio.create_task(beating(tell, "job", id=attempt.run.name))
        try:
            yield
        finally:
            beat.cancel()
            await asyncio.wait([beat])
            await tell("job", id=attempt.run.name)


async def foretell(attempt: Attempt, settings: Settings) -> None:
    async with watched(attempt, settings):
        await _foretell(attempt)


async def _foretell(attempt: Attempt) -> None:
    """Loans, then instalments; a kind without a model in use is passed over. What was told by a
    model that is no longer in use, for another came meanwhile, is asked once more."""
    run = attempt.run
    async with attempt.store.reading() as session:
        place = await marks(session, run.shop, run.name, run.period)
    done: dict[str, Any] = {of: place.get(of, 0) for of in OFS}
    asking = Asking(attempt, Foretelling(attempt.store, run.shop), done, place.get("versions", {}))
    begun = place.get("of", OFS[0])
    for of in OFS[OFS.index(begun) :]:
        await asking.about(of, UUID(place["after"]) if of == begun and "after" in place else FIRST)
    while again := [of for of in OFS if await asking.is_outdated(of)]:
        for of in again:
            await asking.about(of, FIRST)
    async with attempt.store.transaction() as session:
        await attempt.end(session, done)


@dataclass(frozen=True, slots=True)
class Asking:
    """`done` are so many of each kind, told by the model of that version (0: by none)."""

    attempt: Attempt
    asks: Foretelling
    done: dict[str, Any]
    versions: dict[str, int]

    async def about(self, of: Of, after: UUID) -> None:
        """All clients from there on; all of them where another model told of those before."""
        chosen = await self.asks.chosen(of)
        version = 0 if chosen is None else chosen.version
        if self.versions.setdefault(of, version) != version:
            after = FIRST
        self.versions[of] = version
        if chosen is None:
            return
        if after == FIRST:
            self.done[of] = 0

        async def kept(session: WriteSession, client: UUID, count: int) -> None:
            self.done[of] += count
            place = {"of": of, "after": str(client), "versions": self.versions}
            await self.attempt.mark(session, self.done | place)
            log.info("job.progress", what=f"{RISK} {of}", done=self.done[of])

        as_of, _ = days_of(self.attempt.run.period)
        await self.asks.all(chosen, as_of, now(), kept, after=after)
        async with self.attempt.store.transaction() as session:
            await self.attempt.hold(session)
            await self.asks.finish(session, of, as_of)

    async def is_outdated(self, of: Of) -> bool:
        chosen = await self.asks.chosen(of)
        return chosen is not None and self.versions.get(of, chosen.version) != chosen.version


async def learn_risks(attempt: Attempt, settings: Settings) -> None:
    async with watched(attempt, settings):
        await _learn(attempt, settings)


async def _learn(attempt: Attempt, settings: Settings) -> None:
    """A model that comes into use is asked at once."""
    store, shop, moment = attempt.store, attempt.run.shop, now()
    of = next((one for one in OFS if one == attempt.run.period), None)
    if of is None:
        raise RiskImpossible(f"nothing is foretold of {attempt.run.period!r}")
    today = moment.astimezone(zone_of(settings.hours.timezone)).date()
    asked = Asked(of, today, moment, BY, tell=_told)
    try:
        learned = await learn(store, shop, asked)
    except RiskError as error:
        async with store.transaction() as session:
            await attempt.end(session, {"refused": type(error).__name__, "why": str(error)})
        return
    async with store.transaction() as session:
        row = await keep(session, shop, asked, learned)
        told = {"version": row.version, "active": row.active, "proven": proven(row.metrics)}
        await attempt.end(session, told)
        if row.active:
            await session.execute(statements.ASK, Run(RISK, shop, today.isoformat()).key)


def _told(done: int, steps: int) -> None:
    log.info("job.progress", what=RISK_TRAINING, done=done, steps=steps)
