"""Customers that are understood less than the model promised: what is sure, what may be chance, and
whose turns are looked at."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, update

from app.watching import terms_of
from config.packs import load_pack
from evaluation.alert_rules import DAY, HOUR, RULES
from evaluation.alerts import Point
from evaluation.watching import look, tried
from store import nlu
from store.lessons import ReviewCase
from store.session import Store
from tests.builders import a_turn, add_customer, add_turns, turn_id, wording
from tests.fixtures.bots import knobs

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = NOW - 2 * DAY
PROMISED = {"saludo": 0.95, "precio": 0.9, "compra": 0.9}
PRICE, BUY = "precio", "compra"


async def reviewed(
    store: Store,
    shop: UUID,
    counts: Mapping[tuple[str, str], int],
    *,
    at: datetime = ASKED,
    sample: bool = True,
) -> None:
    """So many turns of each pair: what was meant, and what it was taken for."""
    name = f"{at:%d%H}-{sample}"
    customer = await add_customer(store, shop, name)
    pairs = [pair for pair, count in counts.items() for _ in range(count)]
    names = [f"{name}-{n}" for n in range(len(pairs))]
    turns = [
        a_turn(shop, one, customer, user_message=wording(n), intent=found, created_at=at)
        for n, (one, (_, found)) in enumerate(zip(names, pairs, strict=True))
    ]
    await add_turns(store, turns)
    cases = [
        {"shop_id": shop, "training_id": turn_id(shop, one), "reason": 5, "sample": sample,
         "state": "done", "at": at, "intent": wanted, "decided_by": "ana",
         "decided_at": at + HOUR}
        for one, (wanted, _) in zip(names, pairs, strict=True)
    ]  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(ReviewCase), cases)


async def promise(store: Store, shop: UUID, f1: Mapping[str, float], data: bytes = b"one") -> None:
    told = {name: {"value": value, "low": value, "high": value} for name, value in f1.items()}
    async with store.transaction() as session:
        await nlu.keep_model(session, shop, "ventas", data, {"metrics": {"f1": told}})
        await session.execute(update(nlu.NluModel).values(created_at=NOW - 10 * DAY))


async def seen(store: Store, shop: UUID, kind: str, at: datetime = NOW) -> Point:
    async with store.lookup() as connection:
        (point,) = await look(connection, shop, RULES[kind], [at], terms_of(knobs("x")))
    return point


async def test_a_fall_that_is_sure_rings(store: Store, shop: UUID) -> None:
    await promise(store, shop, PROMISED)
    counts = {(PRICE, PRICE): 30, (PRICE, BUY): 60, (BUY, BUY): 60}
    await reviewed(store, shop, counts)
    many = await seen(store, shop, "f1-live")
    assert many.value is not None
    assert (many.value > 0.2, many.broken, many.weak) == (True, True, False)


async def test_a_small_sample_with_a_fall_is_weak_and_wakes_nobody(
    store: Store, shop: UUID
) -> None:
    await promise(store, shop, PROMISED)
    await reviewed(store, shop, {(PRICE, PRICE): 18, (PRICE, BUY): 3, (BUY, BUY): 4})
    point = await seen(store, shop, "f1-live")
    assert point.value is not None
    assert (point.value >= 0.03, point.weak, point.broken, point.calm) == (True, True, False, True)


async def test_only_drawn_turns_count_however_badly_the_others_went(
    store: Store, shop: UUID
) -> None:
    await promise(store, shop, PROMISED)
    await reviewed(store, shop, {(PRICE, PRICE): 30, (BUY, BUY): 30})
    await reviewed(store, shop, {(PRICE, BUY): 60}, at=ASKED + HOUR, sample=False)
    assert (await seen(store, shop, "f1-live")).value == 0.0


async def test_one_intent_rings_from_twenty_turns_on(store: Store, shop: UUID) -> None:
    await promise(store, shop, PROMISED)
    await reviewed(store, shop, {(PRICE, BUY): 19, (BUY, BUY): 40})
    calm = await seen(store, shop, "f1-intent")
    await reviewed(store, shop, {(PRICE, BUY): 1}, at=ASKED + HOUR)
    rings = await seen(store, shop, "f1-intent")
    assert (calm.value or 0.0) < 0.9 <= (rings.value or 0.0)
    assert rings.broken


async def test_under_twenty_turns_nothing_is_said(store: Store, shop: UUID) -> None:
    await promise(store, shop, PROMISED)
    await reviewed(store, shop, {(PRICE, BUY): 19})
    assert (await seen(store, shop, "f1-live")).value is None


async def test_turns_of_an_older_model_say_nothing_of_the_one_in_use(
    store: Store, shop: UUID
) -> None:
    await reviewed(store, shop, {(PRICE, BUY): 40}, at=NOW - 11 * DAY)
    await promise(store, shop, PROMISED)
    assert (await seen(store, shop, "f1-live")).value is None


async def test_a_shop_that_trained_nothing_is_held_against_what_its_pack_brings(
    store: Store, shop: UUID
) -> None:
    await reviewed(store, shop, {("consulta_precio", "compra"): 40})
    assert (await seen(store, shop, "f1-live")).value is None
    terms = terms_of(knobs("x"), load_pack("ventas"))
    async with store.lookup() as connection:
        (point,) = await look(connection, shop, RULES["f1-live"], [NOW], terms)
    assert point.broken


async def test_the_past_is_told_by_what_was_decided_then(store: Store, shop: UUID) -> None:
    await promise(store, shop, PROMISED)
    await reviewed(store, shop, {(PRICE, BUY): 40})
    async with store.lookup() as connection:
        past = await tried(connection, shop, RULES["f1-live"], (NOW, 14), terms_of(knobs("x")))
    (told,) = past.firings
    assert told.until is None
    assert timedelta(0) <= told.since - (ASKED + HOUR) <= 6 * HOUR
