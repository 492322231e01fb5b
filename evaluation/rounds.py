"""One round over a shop: what followed beside words, what the judge says, what can be learned."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from config.manners import BudgetSettings
from config.settings import Settings
from evaluation.judging import Bench, Tally
from evaluation.learned import TrainedScorers
from evaluation.scoring import Signal
from evaluation.signals import Seen, Signs
from evaluation.teaching import School, Taught
from evaluation.training import TooFewLabels
from learning.caps import Caps
from llm.budget import Budgeted, Prices, Purse
from llm.chain import Chain
from llm.providers import open_models
from services.clock import Clock, now
from services.wire import Wire, connect
from store.session import Store

OFFLINE: Final = "offline"
Step = Callable[[str, int], None]
"""Told what is being done, and how many replies it has done."""


def _nobody(_what: str, _done: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Rounds:
    """`signals` are the shop's own; `wire` is where the day's money is counted."""

    store: Store
    wire: Wire
    settings: Settings
    shop: UUID
    signals: Sequence[Signal] = ()
    step: Step = _nobody
    clock: Clock = now

    async def go(self) -> dict[str, Any]:
        """Everything there is to do now. What a person or a program is told about it."""
        seen = await self.signs()
        judged = await self.judge()
        taught = await self.learn()
        return {
            "signals": asdict(seen),
            "judge": asdict(judged),
            "scorer": None if taught is None else told(taught),
        }

    async def signs(self) -> Seen:
        step = self.step
        return await Signs(
            self.store, self.shop, self.clock(), lambda done: step("signals", done)
        ).walk()

    async def judge(self) -> Tally:
        """Nobody is asked where no model is configured."""
        if not self.settings.scoring.judge_per_day:
            return Tally(stopped="the judge is off (scoring.judge_per_day)")
        moment = self.clock()
        async with judges(self.settings, self.store, self.wire, self.clock) as model:
            if not model.links:
                return Tally(stopped="no model is configured")
            bench = Bench(
                self.store, self.shop, model, self.settings.scoring, moment,
                day_of(moment, self.settings.hours.timezone),
                lambda tally: self.step("judge", tally.looked_at),
            )  # fmt: skip
            return await bench.sit()

    async def learn(self, *, at_once: bool = False) -> Taught | None:
        """None where it is not due, or there is too little to learn from; `at_once` raises
        TooFewLabels then."""
        trained = TrainedScorers(self.store)
        held = await trained.of(self.shop)
        await trained.close()
        least = self.settings.scoring.labels
        school = School(self.store, self.shop, least, self.signals, held.learned)
        if at_once:
            return await school.train()
        if not await school.due(self.clock()):
            return None
        self.step("training", 0)
        try:
            return await school.train()
        except TooFewLabels:
            return None


def told(taught: Taught) -> dict[str, Any]:
    shown = asdict(taught)
    return {name: shown[name] for name in ("version", "active", "labels", "gain", "why")}


def day_of(moment: datetime, zone: str) -> datetime:
    """When the shop's day began."""
    return moment.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)


@asynccontextmanager
async def judges(
    settings: Settings, store: Store, wire: Wire, clock: Clock
) -> AsyncIterator[Chain]:
    """The configured models but for the offline one, on the shop's budget and the judge's own."""
    order = tuple(name for name in settings.models.order if name != OFFLINE)
    knobs, zone = settings.budget, ZoneInfo(settings.hours.timezone)
    shops = Caps(store, knobs)

    async def caps(shop: str) -> BudgetSettings:
        own = {"customer_usd": settings.scoring.judge_usd}
        return (await shops.of(shop)).model_copy(update=own)

    purse = Purse(wire, settings.redis.prefix, knobs, zone, clock, caps)
    prices = Prices(knobs.prices, knobs.unknown_price)
    chain = open_models(
        settings.models.model_copy(update={"order": order}),
        groq=settings.groq,
        openai=settings.openai,
        ollama=settings.ollama,
        paid=lambda model: Budgeted(model, purse, prices),
    )
    try:
        yield chain
    finally:
        await chain.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[Wire]:
    wire = Wire(connect(url))
    try:
        yield wire
    finally:
        await wire.close()
