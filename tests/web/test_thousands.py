"""A shop with a thousand of everything has a thousand of everything."""

from uuid import UUID

from store.session import Store
from tests.fixtures.rows import TABLES
from tests.web.places import settle
from tests.web.thousands import COUNT, FEW, multiply


async def test_every_kind_stands_there_a_thousand_times(store: Store, shop: UUID) -> None:
    await settle(store, shop)
    await multiply(store, shop)

    async with store.batch() as connection:
        found = {
            one.fullname: await connection.fetchval(f"SELECT count(*) FROM {one.fullname}")  # noqa: S608
            for one in TABLES
            if one.fullname not in FEW and any(key.name != "shop_id" for key in one.primary_key)
        }

    assert {name: count for name, count in found.items() if count <= COUNT / 2} == {}
