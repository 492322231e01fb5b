"""How often the bot named a product, and when it last sold, is what the shop's days say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update

from learning.rollups import Rollups
from store.app import Product
from store.dealings import Order
from store.ml import TrainingData
from store.session import Store
from store.wares import DAYS, ProductDay, Ware
from tests.fixtures.store import add_shop
from tests.learning.rollups import FIRST, ZONE, Reply, add, add_people, reply_id

NOON = 12 * 60
DAY = 24 * 60
NOW = datetime(2026, 11, 18, 20, tzinfo=UTC)
"""In the afternoon of the first day."""


def ware(shop: UUID, name: str) -> UUID:
    return uuid5(shop, f"ware {name}")


async def stocked(store: Store, shop: UUID, *names: str) -> None:
    await add_people(store, shop, 2)
    async with store.transaction() as session:
        for name in names:
            one = {"shop_id": shop, "id": ware(shop, name), "sku": name, "name": name}
            session.add(Product(**one, price=1_000, stock=3))


async def told(store: Store, shop: UUID) -> dict[str, tuple[int, date | None]]:
    """As the shop itself reads it."""
    async with store.tenant(shop) as session:
        rows = (await session.scalars(select(Ware).order_by(Ware.sku))).all()
    return {row.sku: (row.named, row.sold_on) for row in rows}


async def counted(
    store: Store, shop: UUID, replies: Sequence[Reply], now: datetime = NOW
) -> dict[str, tuple[int, date | None]]:
    await add(store, shop, replies)
    await Rollups(store, shop, ZONE).refresh(now)
    return await told(store, shop)


async def test_a_reply_counts_once_for_each_product_it_names_however_often_it_is_counted(
    store: Store, shop: UUID
) -> None:
    await stocked(store, shop, "cap", "mug", "pen")
    cap, mug = ware(shop, "cap"), ware(shop, "mug")
    replies = [Reply(NOON, named=(cap, cap, mug)), Reply(NOON + 5, who=1, named=(cap,)), Reply(5)]
    expected = {"cap": (2, None), "mug": (1, None), "pen": (0, None)}
    assert await counted(store, shop, replies) == expected

    await Rollups(store, shop, ZONE).refresh(NOW + timedelta(minutes=5))
    assert await told(store, shop) == expected


async def test_a_paid_order_moves_the_day_and_one_that_is_not_paid_any_more_moves_it_back(
    store: Store, shop: UUID
) -> None:
    await stocked(store, shop, "cap", "mug")
    cap, mug = ware(shop, "cap"), ware(shop, "mug")
    sales = [Reply(NOON, named=(cap, mug), paid=1), Reply(DAY + NOON, named=(cap,), paid=1)]
    tomorrow = FIRST + timedelta(1)
    found = await counted(store, shop, sales, NOW + timedelta(1))
    assert found == {"cap": (2, tomorrow), "mug": (1, FIRST)}

    async with store.transaction() as session:
        late = (Order.shop_id == shop, Order.id == reply_id(shop, 1))
        await session.execute(update(Order).where(*late).values(state="cancelled"))
    await Rollups(store, shop, ZONE).refresh(NOW + timedelta(1))
    assert await told(store, shop) == {"cap": (2, FIRST), "mug": (1, FIRST)}


async def test_what_was_named_leaves_the_count_after_thirty_days_and_what_sold_stays(
    store: Store, shop: UUID
) -> None:
    await stocked(store, shop, "cap")
    cap = (ware(shop, "cap"),)
    await counted(store, shop, [Reply(NOON, named=cap, paid=1), Reply(DAY + NOON, named=cap)])
    seen = {}
    for day in (DAYS - 1, DAYS, DAYS + 1):
        await Rollups(store, shop, ZONE).refresh(NOW + timedelta(day))
        seen[day] = await told(store, shop)
    assert [seen[day]["cap"] for day in sorted(seen)] == [(2, FIRST), (1, FIRST), (0, FIRST)]


async def test_it_leaves_the_count_too_where_nobody_counted_for_weeks(
    store: Store, shop: UUID
) -> None:
    await stocked(store, shop, "cap")
    await counted(store, shop, [Reply(NOON, named=(ware(shop, "cap"),))])
    await Rollups(store, shop, ZONE).refresh(NOW + timedelta(3 * DAYS))
    assert await told(store, shop) == {"cap": (0, None)}


async def test_a_reply_that_is_gone_counts_no_more(store: Store, shop: UUID) -> None:
    await stocked(store, shop, "cap")
    cap = (ware(shop, "cap"),)
    replies = [Reply(NOON, named=cap), Reply(NOON + 1, who=1, named=cap)]
    assert await counted(store, shop, replies) == {"cap": (2, None)}

    async with store.transaction() as session:
        gone = (TrainingData.shop_id == shop, TrainingData.id == reply_id(shop, 0))
        await session.execute(delete(TrainingData).where(*gone))
    await Rollups(store, shop, ZONE).refresh(NOW)
    assert await told(store, shop) == {"cap": (1, None)}


async def test_each_shop_has_its_own(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    for each in (shop, other):
        await stocked(store, each, "cap")
    mine = [Reply(NOON, named=(ware(shop, "cap"),), paid=1)]
    assert await counted(store, shop, mine) == {"cap": (1, FIRST)}
    foreign = [Reply(NOON, named=(ware(shop, "cap"),)), Reply(9, named=(ware(other, "cap"),))]
    assert await counted(store, other, foreign) == {"cap": (1, None)}
    assert await told(store, shop) == {"cap": (1, FIRST)}
    async with store.tenant(other) as session:
        assert set(await session.scalars(select(ProductDay.shop_id))) == {other}
