"""A shop with the sample catalogue."""

from uuid import UUID

import pytest

from app.sample import sample_products
from config.packs import load_pack
from store.session import Store
from store.shops import upsert_products


@pytest.fixture
async def stocked(store: Store, shop: UUID) -> UUID:
    async with store.transaction() as session:
        await upsert_products(session, shop, sample_products(load_pack("ventas"), "demo"))
    return shop
