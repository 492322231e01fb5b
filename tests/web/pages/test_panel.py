"""What administrators see first: what each day cost."""

from datetime import timedelta

from sqlalchemy import insert

from services.clock import now
from store.rollups import TokensCost
from tests.web.desks import desk_of, equipped
from tests.web.rows import add_conversation, add_day, add_row
from web.api.means import Means
from web.app import WebParts

NOTHING = "En estos días nada tuvo costo"


async def test_days_that_cost_nothing_are_told_and_not_drawn(parts: WebParts, means: Means) -> None:
    store, shop = parts.store, parts.shop
    await add_conversation(store, shop)
    await add_row(store, shop, "algo")
    await add_day(store, shop, 0, replies=3)
    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        assert NOTHING in (await eva.get("/admin")).text

    day = {"shop_id": shop, "day": (now() - timedelta(days=1)).date(), "channel": "telegram"}
    spent = {"intent": "precio", "provider": "groq", "model": "uno", "cost_micros": 7}
    async with store.transaction() as session:
        await session.execute(insert(TokensCost).values(day | spent))

    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        assert NOTHING not in (await eva.get("/admin")).text
