"""The hours an owner chose are the shop's hours, within seconds and without a query a message."""

from datetime import UTC, datetime
from uuid import UUID

from config.manners import HoursSettings
from handlers.openings import Openings
from store import choices
from store.session import Store
from tests.fixtures.store import add_shop

NIGHT = datetime(2026, 5, 5, 2, tzinfo=UTC)  # Monday, 22:00 in Santiago
DAY = HoursSettings(week={"mon-fri": "09:00-18:00"})


async def choose(store: Store, shop: UUID, **values: object) -> None:
    async with store.tenant(shop) as session:
        await choices.choose(session, shop, {"by": "Ana", "at": NIGHT, **values})


async def test_what_an_owner_chose_goes_before_the_settings(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "otra")
    openings = Openings(store, DAY, ttl_s=0)
    assert not (await openings.of(shop)).is_open(NIGHT)

    await choose(store, shop, week={"mon": "20:00-23:00"}, holidays=[])

    await openings.of(shop)
    await openings.close()
    fresh = Openings(store, DAY)
    assert (await fresh.of(shop)).is_open(NIGHT)
    assert not (await fresh.of(other)).is_open(NIGHT)

    await choose(store, shop, week=None, holidays=None)
    assert not (await Openings(store, DAY).of(shop)).is_open(NIGHT)


async def test_a_holiday_is_one_by_the_clock_of_the_settings(store: Store, shop: UUID) -> None:
    await choose(store, shop, week={}, holidays=[datetime(2026, 5, 4, tzinfo=UTC).date()])

    hours = await Openings(store, DAY).of(shop)

    assert not hours.is_open(NIGHT)
    assert hours.is_open(NIGHT.replace(day=6))


async def test_what_is_known_is_not_asked_again_for_every_message(store: Store, shop: UUID) -> None:
    openings = Openings(store, DAY)
    first = await openings.of(shop)
    await choose(store, shop, week={}, holidays=[])

    assert await openings.of(shop) is first


async def test_without_postgres_the_settings_hold(closed_store: Store, shop: UUID) -> None:
    assert not (await Openings(closed_store, DAY).of(shop)).is_open(NIGHT)
