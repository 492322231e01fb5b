"""Versions beside each other, by the API."""

import httpx2

from config.packs import Pack, load_pack
from store.session import Store
from tests.flow.rollouts import add_version
from tests.web.scenes import add_run
from web.app import WebParts


async def test_two_versions_are_compared_on_the_shops_own_cases(
    program: httpx2.AsyncClient, first: WebParts, store: Store, pack: Pack
) -> None:
    """Whatever cases of other packs they were given since."""
    shop = first.shop
    one, two = [await add_version(store, shop, f"tienda-v{number}") for number in (1, 2)]
    await add_run(store, shop, pack, one, [], wrong=9)
    await add_run(store, shop, pack, two, [], wrong=6)
    await add_run(store, shop, load_pack("creditos"), two, [], wrong=20)
    told = (await program.get(f"/api/v1/models/{one.id}/diff/{two.id}")).json()
    points = told["measures"]["points"]
    assert (points["better"], points["worse"]) == (3, 0)
