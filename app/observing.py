"""How a running bot is, for its pages: what it checks, what it measures, what it was built of."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, Final, Generic, TypeAlias, TypeVar

from app.backing import Backing
from app.doctor import findings
from app.pipeline import Pipeline
from app.plugins import App
from app.watching import terms_of
from config.opening import zone_of
from config.packs import Pack
from events import dead
from events.lag import lags
from llm.budget import Purse
from services.clock import milliseconds
from store import choices, registry, watching
from store.migrations import current, latest
from web.observed import Facts, Finding, Observed, Queue

T = TypeVar("T")
Labelled: TypeAlias = dict[tuple[tuple[str, str], ...], float]
LAG_S: Final = 60.0
KEPT_S: Final = 30.0
SHOWN: Final = (
    "aiogram", "alembic", "asyncpg", "fastapi", "jinja2", "msgspec", "numpy", "openai",
    "prometheus-client", "pydantic", "redis", "rq", "sqlalchemy", "starlette", "structlog",
    "uvicorn",
)  # fmt: skip
"""What the bot rests on most; the whole list stands in requirements.txt."""


@dataclass(slots=True)
class Remembered(Generic[T]):
    """Asked again after a while, not by everybody who looks."""

    ask: Callable[[], Awaitable[T]]
    answers: list[tuple[float, T]] = field(default_factory=list)

    async def __call__(self) -> T:
        if not self.answers or time.monotonic() - self.answers[0][0] > KEPT_S:
            self.answers = [(time.monotonic(), await self.ask())]
        return self.answers[0][1]


@dataclass(frozen=True, slots=True)
class Looking:
    running: Pipeline
    here: Backing
    extension: App

    async def migrated(self) -> bool:
        return await current(self.here.database_url) == latest()

    async def flows(self) -> bool:
        return max((one.lag_s for one in await self.queues()), default=0.0) < LAG_S

    async def answers(self) -> bool:
        """Some model may be asked."""
        return any(not link.out for link in self.running.parts.model.chain.links)

    async def queues(self) -> list[Queue]:
        parts = self.running.parts
        now_ms = milliseconds(parts.replier.clock())
        found = await lags(parts.stream)
        return [
            Queue(name, lag.pending, lag.behind, lag.seconds(now_ms)) for name, lag in found.items()
        ]

    async def facts(self) -> Facts:
        parts = self.running.parts
        found: list[Finding] = [one async for one in findings(parts, self.here, self.extension)]
        return Facts(
            findings=found,
            queues=await self.queues(),
            letters=len([one async for one in dead.letters(parts.stream)]),
            versions=versions(parts.pack),
            licences=licences(),
        )

    async def measure(self) -> None:
        parts, meters = self.running.parts, self.running.keeper.meters
        queues: Labelled = {(("stage", one.name),): one.lag_s for one in await self.queues()}
        meters.gauge("bot_queue_lag_seconds", "Age of the oldest waiting event.", queues)
        async with parts.store.reading() as session:
            active = await registry.active_version(session, parts.shop)
        name = active.name if active is not None else "settings"
        labels = (("task", "reply"), ("version", name), ("role", "active"))
        meters.gauge("bot_model_info", "Who answers.", {labels: 1.0})
        async with parts.store.lookup() as connection:
            stale = await watching.stale(connection, parts.shop, parts.replier.clock())
            meters.heard(await watching.said_of_answers(connection, parts.shop))
        await self._budget()
        jobs: Labelled = {(("status", "stale"),): float(stale)}
        meters.gauge("bot_jobs", "Jobs that nobody has said to work at for two minutes.", jobs)

    async def _budget(self) -> None:
        """Nothing where no day has a bound."""
        parts = self.running.parts
        async with parts.store.lookup() as connection:
            knobs = await choices.budget(connection, parts.shop, parts.settings.budget)
        if not knobs.shop_usd:
            return
        zone, clock = zone_of(parts.settings.hours.timezone), parts.replier.clock
        purse = Purse(parts.wire, parts.settings.redis.prefix, knobs, zone, clock)
        spent = await purse.spent(str(parts.shop)) / (knobs.shop_usd * 1e6)
        left: Labelled = {(("scope", "shop"),): max(0.0, 1.0 - spent)}
        name, about = "bot_budget_remaining_ratio", "What is left of the day's money."
        self.running.keeper.meters.gauge(name, about, left)


def versions(pack: Pack) -> Mapping[str, str]:
    found = {name: metadata.version(name) for name in SHOWN}
    return {"pack": pack.name, "database": latest(), **found}


def licences() -> Mapping[str, str]:
    """As each library says of itself."""
    return {name: _licence(name) for name in SHOWN}


def _licence(name: str) -> str:
    about: Any = metadata.metadata(name)
    said = about.get("License-Expression") or about.get("License") or ""
    classified = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier") or ()
        if one.startswith("License ::")
    ]
    short = said.strip().splitlines()[0] if said.strip() else ""
    return short[:40] or ", ".join(classified) or "?"


def observed_of(running: Pipeline, here: Backing, extension: App) -> Observed:
    looking = Looking(running, here, extension)
    return Observed(
        tracer=running.keeper.tracer,
        meters=running.keeper.meters,
        checks={
            "migrations": Remembered(looking.migrated),
            "stream": looking.flows,
            "model": looking.answers,
        },
        measure=looking.measure,
        facts=Remembered(looking.facts),
        terms=terms_of(running.parts.settings, running.parts.pack),
    )
