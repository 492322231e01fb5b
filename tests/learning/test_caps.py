"""What an owner chose bounds the next call, in every process and in that shop alone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from config.manners import BudgetSettings
from learning.caps import Caps
from llm.base import Payer
from llm.budget import Budgeted, Prices, Purse
from services.wire import Wire, connect
from store import choices
from store.choices import MICROS
from store.session import Store, open_store
from tests.fixtures.store import add_shop
from tests.llm.test_budget import Day, Meter, outcome

SPENT = "the day's budget of the shop is spent"
KNOBS = BudgetSettings(prices={"m": (1.0, 4.0)})
CALL = 0.0014
"""Dollars of one answer of the meter."""


async def choose(
    store: Store, which: UUID, *, shop: float | None = None, customer: float | None = None
) -> None:
    """In dollars, both of them."""
    caps = {"shop_cap": _micros(shop), "customer_cap": _micros(customer)}
    async with store.tenant(which) as session:
        await choices.choose(session, which, {"by": "Ana", "at": datetime.now(UTC), **caps})


def _micros(usd: float | None) -> int | None:
    return None if usd is None else round(usd * MICROS)


def process(store: Store, wire: Wire, prefix: str, knobs: BudgetSettings = KNOBS) -> Budgeted:
    zone = ZoneInfo("America/Santiago")
    purse = Purse(wire, prefix, knobs, zone, Day(), Caps(store, knobs).of)
    return Budgeted(Meter(), purse, Prices(knobs.prices, knobs.unknown_price))


def of(shop: UUID, customer: str = "ana") -> Payer:
    return Payer(str(shop), customer)


async def test_a_cap_holds_from_the_next_call_on_in_every_process_and_for_what_was_spent(
    store: Store, shop: UUID, redis_url: str, prefix: str
) -> None:
    other = await add_shop(store, "otra")
    wires = [Wire(connect(redis_url)) for _ in range(2)]
    here, there = (process(store, wire, prefix) for wire in wires)
    for each in (here, there, here, there):
        assert await outcome(each, of(shop)) == "hola"

    await choose(store, shop, shop=5 * CALL)
    assert [await outcome(each, of(shop, "eva")) for each in (here, there)] == [SPENT] * 2
    assert [await outcome(each, of(other)) for each in (here, there)] == ["hola"] * 2

    await choose(store, shop, shop=9 * CALL)
    assert await outcome(there, of(shop)) == "hola"
    await choose(store, shop, customer=CALL)
    assert await outcome(here, of(shop)) == "the day's budget of the customer is spent"
    await choose(store, shop)
    assert await outcome(here, of(shop)) == "hola"
    for wire in wires:
        await wire.close()


async def test_nothing_chosen_is_above_the_most_of_the_configuration(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    bounded = process(store, wire, prefix, KNOBS.model_copy(update={"shop_most_usd": 2 * CALL}))
    await choose(store, shop, shop=100.0)
    assert await outcome(bounded, of(shop)) == "hola"
    assert await outcome(bounded, of(shop)) == SPENT
    await choose(store, shop, shop=0.0)
    assert await outcome(bounded, of(shop)) == SPENT


@pytest.fixture
async def closed_store() -> AsyncIterator[Store]:
    """Nobody listens there."""
    store = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    yield store
    await store.close()


async def test_without_postgres_what_was_known_holds_and_else_the_configuration(
    store: Store, closed_store: Store, shop: UUID
) -> None:
    usual = BudgetSettings(shop_usd=5, shop_most_usd=4)
    await choose(store, shop, shop=1.0)
    caps = Caps(store, usual)
    assert (await caps.of(str(shop))).shop_usd == 1.0
    down = Caps(closed_store, usual, caps.known)
    assert (await down.of(str(shop))).shop_usd == 1.0
    assert (await Caps(closed_store, usual).of(str(shop))).shop_usd == 4.0
