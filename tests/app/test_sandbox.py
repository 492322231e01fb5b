"""A shop of an evaluation is gone with it, and so is one that a killed evaluation left behind."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.backing import Backing
from app.parts import build
from app.plugins import App
from app.sandbox import LEFT_AFTER, MARK, sandbox
from config.settings import Settings
from services.clock import now
from services.state import Endpoints
from store.app import Shop
from store.session import Store
from tests.fixtures.bots import knobs
from tests.fixtures.store import add_shop


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def keys(store: Store) -> list[str]:
    async with store.reading() as session:
        return list(await session.scalars(select(Shop.key).order_by(Shop.key)))


async def test_it_has_the_packs_samples_and_leaves_nothing(
    backing: Backing, store: Store, prefix: str
) -> None:
    await add_shop(store, "real")
    async with sandbox(knobs(prefix, "real"), backing, "creditos") as under:
        assert under.app.shop.startswith(MARK)
        assert under.redis.prefix.startswith(f"{prefix}-evaluation-")
        var: Path = under.app.var
        async with build(under, backing, App(), {}) as parts:
            assert parts.pack.name == "creditos"
            assert await keys(store) == ["real", under.app.shop]
    assert await keys(store) == ["real"]
    assert not var.exists()


async def breaks(settings: Settings, backing: Backing) -> None:
    async with sandbox(settings, backing, "ventas") as under:
        async with build(under, backing, App(), {}):
            pass
        raise LookupError


async def test_it_goes_too_when_the_evaluation_breaks(
    backing: Backing, store: Store, prefix: str
) -> None:
    with pytest.raises(LookupError):
        await breaks(knobs(prefix), backing)
    assert await keys(store) == []


async def test_what_a_killed_one_left_is_swept_by_a_later_one(
    backing: Backing, store: Store, prefix: str
) -> None:
    for name in ("old", "young"):
        await add_shop(store, f"{MARK}{name}")
    async with store.transaction() as session:
        old = update(Shop).where(Shop.key == f"{MARK}old")
        await session.execute(old.values(created_at=now() - LEFT_AFTER - timedelta(hours=1)))
    async with sandbox(knobs(prefix), backing, "ventas"):
        assert await keys(store) == [f"{MARK}young"]
