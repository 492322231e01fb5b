"""Whose cases an evaluation was given: what another pack's show says nothing of a shop's gates."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from config.packs import Pack, load_pack
from learning.controller import Controller
from store.session import Store
from store.versions import ModelVersion
from tests.flow.rollouts import PASSED, add_version
from tests.web.desks import desk_of, equipped, settings_in
from tests.web.scenes import add_run
from web.app import WebParts

HOME, RUNS = "/admin/modelos", "/admin/evaluaciones"


@pytest.fixture
def other() -> Pack:
    return load_pack("creditos")


@pytest.fixture
async def version(store: Store, shop: UUID) -> ModelVersion:
    return await add_version(store, shop)


@pytest.fixture
async def admin(
    parts: WebParts, tmp_path: Path, prefix: str, redis_url: str
) -> AsyncIterator[httpx2.AsyncClient]:
    tooled, _ = equipped(parts, settings_in(tmp_path, prefix, redis_url))
    async with desk_of(tooled) as client:
        yield client


async def test_a_card_shows_the_evaluation_that_opens_the_gate(
    admin: httpx2.AsyncClient,
    store: Store,
    version: ModelVersion,
    pack: Pack,
    other: Pack,
) -> None:
    card, shop = f"{HOME}/{version.id}", version.shop_id
    foreign = await add_run(store, shop, other, version, [], wrong=0)
    before = (await admin.get(card)).text
    own = await add_run(store, shop, pack, version, [], wrong=3)
    await add_run(store, shop, other, version, [], wrong=0)
    after = (await admin.get(card)).text

    assert "Nunca se evaluó" in before
    assert f"{RUNS}/{foreign}" not in before
    assert f"{RUNS}/{own}" in after
    assert "Nunca se evaluó" not in after


async def test_two_versions_are_compared_on_the_shops_own_cases(
    admin: httpx2.AsyncClient,
    store: Store,
    version: ModelVersion,
    pack: Pack,
    other: Pack,
) -> None:
    shop = version.shop_id
    second = await add_version(store, shop, "tienda-v3")
    await add_run(store, shop, pack, version, [], wrong=9)
    await add_run(store, shop, pack, second, [], wrong=6)
    await add_run(store, shop, other, second, [], wrong=20)
    page = (await admin.get(f"{HOME}/comparar?a={version.id}&b={second.id}")).text

    assert page.count("B la arregló") == 3


async def test_an_evaluation_is_held_against_one_of_the_same_cases(
    admin: httpx2.AsyncClient,
    store: Store,
    version: ModelVersion,
    pack: Pack,
    other: Pack,
) -> None:
    shop = version.shop_id
    active = await add_version(store, shop, "tienda-v1")
    await Controller(store).start(active, PASSED, "Eva", 100, forced=False)
    same = await add_run(store, shop, pack, active, [], wrong=0)
    await add_run(store, shop, other, active, [], wrong=0)
    run = await add_run(store, shop, pack, version, [], wrong=0)
    assert f'href="{RUNS}/{same}"' in (await admin.get(f"{RUNS}/{run}")).text
