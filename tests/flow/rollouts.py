"""A shop whose own model is on one loopback server, and a candidate's on another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.rolling import rolling_of
from config.settings import Settings
from events.happened import named
from learning.controller import Controller, Gate
from store.ml import TrainingData
from store.registry import steps_of
from store.rollouts import Rollout, RolloutStep
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.bots import Bot, knobs, until
from tests.servers.models import ModelServer

PASSED = Gate(passed=True, why="passed")
OWN = "¡Hola! Soy el modelo de siempre. ¿Qué buscas hoy?"
GOOD = "¡Hola! Soy el modelo nuevo. ¿Qué buscas hoy?"
BAD = "La Mochila Urbana Azul cuesta $1.234 y te la dejo en $999."
ASKED = "cuéntame un poco de la tienda"
THANKS = "excelente, muchas gracias"


def served(
    prefix: str, own: ModelServer, candidate: ModelServer, shop: str, **rollout: object
) -> Settings:
    return knobs(
        prefix,
        shop=shop,
        models={"order": ("openai", "offline")},
        openai={"key": "sk-test", "base_url": f"{own.url}/v1"},
        ollama={"url": candidate.url},
        turns={"replies_per_minute": 0},
        rollout=rollout,
    )


async def add_version(
    store: Store, shop: UUID, name: str = "tienda-v2", provider: str = "ollama"
) -> ModelVersion:
    row = ModelVersion(
        shop_id=shop, id=named("version", str(shop), name), name=name, provider=provider,
        base_model="llama3.2", model=name,
    )  # fmt: skip
    async with store.transaction() as session:
        session.add(row)
    return row


@dataclass
class Shop:
    """A running bot with its controller."""

    bot: Bot

    @property
    def store(self) -> Store:
        return self.bot.parts.store

    @property
    def controller(self) -> Controller:
        return Controller(self.store, self.bot.parts.settings.rollout)

    async def start(self, name: str = "tienda-v2", percent: int | None = None) -> Rollout:
        version = await add_version(self.store, self.bot.parts.shop, name)
        return await self.controller.start(version, PASSED, "ana", percent, forced=False)

    async def rollout(self) -> Rollout:
        async with self.store.reading() as session:
            found = await session.scalar(select(Rollout).order_by(Rollout.created_at.desc()))
        assert found is not None
        return found

    async def version(self) -> ModelVersion:
        async with self.store.reading() as session:
            found = await session.scalars(select(ModelVersion))
        return found.one()

    async def steps(self) -> list[RolloutStep]:
        rollout = await self.rollout()
        async with self.store.reading() as session:
            return await steps_of(session, rollout.shop_id, rollout.id)

    async def rows(self) -> list[TrainingData]:
        await self.bot.settled()
        async with self.store.reading() as session:
            query = select(TrainingData).order_by(TrainingData.dispatched_at)
            return list(await session.scalars(query))

    async def becomes(self, state: str, seconds: float = 60, percent: int | None = None) -> None:
        async def there() -> bool:
            found = await self.rollout()
            return found.state == state and percent in {None, found.percent}

        await until(there, seconds)


@asynccontextmanager
async def attended(bot: Bot) -> AsyncIterator[Shop]:
    """As `main.py run` does it."""
    task = asyncio.create_task(rolling_of(bot.parts).attend())
    try:
        yield Shop(bot)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
