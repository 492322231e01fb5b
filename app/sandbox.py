"""A shop that lives as long as one evaluation: its pack's samples, and nobody's customers.

What is said there teaches nothing, and whatever it leaves in Postgres and Redis goes with it. The
day's budget of models that cost money is its own, so that an evaluation cannot spend the shop's.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from app.backing import Backing
from config.manners import UNPACED
from config.settings import Settings
from events.happened import named
from services.clock import now
from services.wire import Wire, connect
from store import choices
from store.forgetting import forget_shop, shops_before
from store.session import Store, open_store

MARK: Final = "~evaluation:"
"""The keys of such shops begin so; nobody else's do."""
LEFT_AFTER: Final = timedelta(hours=12)
PARTITIONS: Final = 8


@asynccontextmanager
async def sandbox(settings: Settings, here: Backing, pack: str) -> AsyncIterator[Settings]:
    """The settings under which its parts are built; everything is forgotten in the end."""
    key = f"{MARK}{uuid4().hex[:12]}"
    store = open_store(here.database_url, role="pipeline", pool=2)
    with tempfile.TemporaryDirectory(prefix="aprendiz-evaluation-") as folder:
        try:
            await _sweep(store)
            yield alone(await _bounded(settings, store), key, pack, Path(folder))
        finally:
            await forget_shop(store, named("shop", key))
            await store.close()


async def _bounded(settings: Settings, store: Store) -> Settings:
    """By the caps that the shop has chosen: its own corner has chosen none."""
    shop = named("shop", settings.app.shop)
    async with store.lookup() as connection:
        budget = await choices.budget(connection, shop, settings.budget)
    return settings.model_copy(update={"budget": budget})


async def _sweep(store: Store) -> None:
    """Those that a killed evaluation left behind."""
    for shop in await shops_before(store, MARK, now() - LEFT_AFTER):
        await forget_shop(store, shop)


def alone(settings: Settings, key: str, pack: str, var: Path) -> Settings:
    """No reminders, no people, no waiting: only what a customer says and what they are answered."""
    changed = apart(settings, key, pack)
    return changed.model_copy(
        update={
            "app": changed.app.model_copy(update={"var": var}),
            "turns": settings.turns.model_copy(update={"patience": 0, "replies_per_minute": 0}),
            "pace": UNPACED,
            "knowledge": settings.knowledge.model_copy(update={"starter": True}),
            "hours": settings.hours.model_copy(update={"week": {}}),
            "followups": settings.followups.model_copy(update={"enabled": False}),
            "takeover": settings.takeover.model_copy(update={"staff": ()}),
        }
    )


def apart(settings: Settings, shop: str, pack: str) -> Settings:
    """The same shop and pack in a corner of Redis of its own."""
    prefix = f"{settings.redis.prefix}-evaluation-{uuid4().hex[:8]}"
    return settings.model_copy(
        update={
            "app": settings.app.model_copy(update={"shop": shop, "pack": pack}),
            "redis": settings.redis.model_copy(update={"prefix": prefix}),
            "events": settings.events.model_copy(update={"partitions": PARTITIONS}),
        }
    )


async def tidy(redis_url: str, prefix: str) -> None:
    """The corner of Redis goes too."""
    wire = Wire(connect(redis_url))
    try:
        async for key in wire.redis.scan_iter(f"{prefix}:*", count=1000):
            await wire.redis.unlink(key)
    finally:
        await wire.close()
