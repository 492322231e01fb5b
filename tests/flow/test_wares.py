"""What a real bot says of a product, sells of it and forgets is what the catalogue tells."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.backing import Backing
from events.forgetting import Forgetting
from jobs.rights import Rights
from jobs.schedule import ERASURE, Run, Terms, ask
from jobs.tasks import perform
from learning.rollups import Rollups
from services.state import Endpoints
from store import app
from store.dealings import Order
from store.privacy.tables import PrivacyRequest
from store.wares import Ware
from tests.fixtures.bots import Bot, bot, knobs, until
from text.folding import fold

ZONE = ZoneInfo("America/Santiago")
NAME = "mochila urbana negra"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def counted(shop: Bot) -> dict[str, Ware]:
    await shop.settled()
    store, whose = shop.parts.store, shop.parts.shop
    await Rollups(store, whose, ZONE).refresh(datetime.now(UTC))
    async with store.reading() as session:
        rows = await session.scalars(select(Ware).where(Ware.shop_id == whose))
        return {row.sku: row for row in rows}


async def erase(shop: Bot, backing: Backing, prefix: str, var: Path) -> None:
    store, whose = shop.parts.store, shop.parts.shop
    async with store.reading() as session:
        customer = (await session.scalars(select(app.Customer.id))).one()
    request = await Rights(store, whose, Forgetting(shop.parts.stream)).ask(
        customer, "erasure", "test"
    )
    assert request is not None
    settings = knobs(
        prefix,
        app={"shop": "wares", "var": var},
        database={"url": SecretStr(backing.database_url)},
        redis={"url": SecretStr(backing.redis_url)},
    )
    run = Run(ERASURE, whose, str(request))

    async def done() -> bool:
        await ask(store, run)
        await perform(run, Terms(), settings)
        async with store.reading() as session:
            row = await session.get(PrivacyRequest, (whose, request))
        return row is not None and row.state == "done"

    await until(done)


async def test_each_reply_that_names_a_product_counts_once_and_a_payment_is_its_last_sale(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    async with bot(backing, knobs(prefix, shop="wares")) as shop:
        for said in ("cuánto cuesta la mochila urbana negra?", "quiero dos"):
            await shop.ask("ana", said)
        await shop.ask("ana", "sí, confirmo el pedido")
        named = sum(NAME in fold(reply) for reply in shop.channel.replies("ana"))
        assert named >= 2
        found = await counted(shop)
        assert (found["MOC-002"].named, found["MOC-002"].sold_on) == (named, None)
        assert found["MOC-003"].named == 0
        assert (await counted(shop))["MOC-002"].named == named

        async with shop.parts.store.reading() as session:
            order = (await session.scalars(select(Order.id))).one()
        replies = len(shop.channel.replies("ana"))
        await shop.parts.payments.decide(shop.parts.shop, order, paid=True, by="Carla")
        await shop.channel.wait_for_replies("ana", replies + 1)
        sold = (await counted(shop))["MOC-002"].sold_on
        assert sold == datetime.now(ZONE).date()

        await erase(shop, backing, prefix, tmp_path)
        left = (await counted(shop))["MOC-002"]
        assert (left.named, left.sold_on) == (0, sold)
