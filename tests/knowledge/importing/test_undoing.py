"""The way back from an import: what was, but for what was sold or changed again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from knowledge.importing import service
from knowledge.importing.errors import UndoRefused
from store.app import Product
from store.session import Store
from tests.builders import MONDAY
from tests.fixtures.store import add_shop
from tests.knowledge.importing.taking import FILE, applied, catalogue, csv, proposed, sold, undone


async def test_undo_restores_exactly_and_only_once(store: Store, stocked: UUID) -> None:
    before = await catalogue(store, stocked)
    done = await applied(store, stocked, FILE, missing_off=True)
    assert not (await catalogue(store, stocked))["TER-001"]["active"]

    back = await undone(store, stocked, done.id)

    after = await catalogue(store, stocked)
    new = after.pop("NEW-1")
    assert after == before
    assert not new["active"], "what was said of it meanwhile still points to it"
    assert (back.state, back.switched_off, back.left) == ("undone", ["NEW-1"], [])
    with pytest.raises(UndoRefused, match="undone already"):
        await undone(store, stocked, done.id)


async def test_what_was_sold_in_between_stays_sold(store: Store, stocked: UUID) -> None:
    done = await applied(store, stocked, FILE)
    await sold(store, stocked, "MOC-001", 3)

    back = await undone(store, stocked, done.id)

    row = (await catalogue(store, stocked))["MOC-001"]
    assert (row["price"], row["stock"], back.short) == (24_990, 14 - 3, [])


async def test_more_sold_than_there_was_is_none_and_told(store: Store, stocked: UUID) -> None:
    done = await applied(store, stocked, FILE)
    await sold(store, stocked, "MOC-001", 20)

    back = await undone(store, stocked, done.id)

    assert (await catalogue(store, stocked))["MOC-001"]["stock"] == 0
    assert back.short == ["MOC-001"]


async def test_a_product_that_changed_again_is_left_unless_forced(
    store: Store, stocked: UUID
) -> None:
    done = await applied(store, stocked, FILE)
    one = (Product.shop_id == stocked) & (Product.sku == "MOC-001")
    async with store.transaction() as session:
        await session.execute(update(Product).where(one).values(price=21_000))

    back = await undone(store, stocked, done.id)

    assert (back.state, back.left) == ("partly", ["MOC-001"])
    assert (await catalogue(store, stocked))["MOC-001"]["price"] == 21_000
    forced = await undone(store, stocked, done.id, force=True)
    assert (forced.state, forced.restored) == ("undone", ["MOC-001"])
    assert (await catalogue(store, stocked))["MOC-001"]["price"] == 24_990


async def test_a_later_import_stands_in_the_way_of_the_earlier_one(
    store: Store, stocked: UUID
) -> None:
    first = await applied(store, stocked, csv("MOC-001;Mochila Urbana Azul;$24.990;30"))
    later = await proposed(store, stocked, csv("MOC-001;Mochila Urbana Azul;$24.990;50"))
    second = await service.apply(store, later, by="Luis", at=MONDAY + timedelta(minutes=1))

    assert (await undone(store, stocked, first.id)).left == ["MOC-001"]
    assert (await undone(store, stocked, second.id)).left == []
    assert (await undone(store, stocked, first.id)).left == []
    assert (await catalogue(store, stocked))["MOC-001"]["stock"] == 14


async def test_after_a_day_it_stays(store: Store, stocked: UUID) -> None:
    done = await applied(store, stocked, FILE)
    assert done.id is not None

    late = MONDAY + timedelta(hours=24, seconds=1)
    with pytest.raises(UndoRefused) as refused:
        await service.undo(store, stocked, done.id, by="Carla", at=late)

    assert "24 hours" in refused.value.why


async def test_another_shop_is_neither_changed_nor_undone(store: Store, stocked: UUID) -> None:
    other = await add_shop(store, "other")
    done = await applied(store, stocked, FILE)
    assert await catalogue(store, other) == {}

    same = await applied(store, other, FILE)

    theirs = await catalogue(store, other)
    assert set(theirs) == {"MOC-001", "NEW-1"}
    assert theirs["NEW-1"]["id"] != (await catalogue(store, stocked))["NEW-1"]["id"]
    with pytest.raises(UndoRefused, match="no such import"):
        await undone(store, other, done.id)
    assert (await undone(store, other, same.id)).state == "undone"
    assert (await catalogue(store, stocked))["MOC-001"]["price"] == 19_990
