"""The rule on evaluations, held against those that are stored: of whom, and of which cases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from app.watching import terms_of
from evaluation.alert_rules import DAY, HOUR, RULES
from evaluation.alerts import Point
from evaluation.watching import look, tried
from store.evaluations import EvalRun, EvalSet
from store.session import Store
from tests.fixtures.bots import knobs
from tests.fixtures.store import add_shop
from tests.flow.rollouts import add_version

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def add_set(store: Store, shop: UUID) -> EvalSet:
    row = EvalSet(shop_id=shop, id=uuid4(), pack="ventas")
    async with store.transaction() as session:
        session.add(row)
    return row


async def evaluated(
    store: Store, golden: EvalSet, f1: float | None, ago: timedelta, **other: object
) -> None:
    """Of the models of the settings, on the cases that models are tested with."""
    at = NOW - ago
    bounds = None if f1 is None else {"value": f1, "low": f1 - 0.02, "high": f1 + 0.02}
    row = {
        "shop_id": golden.shop_id, "id": uuid4(), "set_id": golden.id, "kind": "golden",
        "split": "test", "state": "done", "fingerprint": "same", "requested_by": "Eva",
        "figures": {"intent_f1": bounds}, "created_at": at, "finished_at": at,
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(EvalRun).values(row | other))


async def seen(store: Store, shop: UUID) -> Point:
    async with store.lookup() as connection:
        (point,) = await look(connection, shop, RULES["f1"], [NOW], terms_of(knobs("x")))
    return point


async def test_an_evaluation_that_fell_rings_from_its_end_on(store: Store, shop: UUID) -> None:
    golden = await add_set(store, shop)
    await evaluated(store, golden, 0.93, 9 * DAY)
    await evaluated(store, golden, None, 2 * DAY)
    assert (await seen(store, shop)).value is None
    await evaluated(store, golden, 0.85, 30 * HOUR)

    point = await seen(store, shop)
    assert point.value == pytest.approx(0.08)
    assert point.broken
    async with store.lookup() as connection:
        past = await tried(connection, shop, RULES["f1"], (NOW, 7), terms_of(knobs("x")))
    (told,) = past.firings
    assert timedelta(0) <= told.since - (NOW - 30 * HOUR) <= timedelta(minutes=5)
    assert told.until is None


async def test_candidates_other_cases_and_other_shops_say_nothing(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "otra")
    golden, theirs = await add_set(store, shop), await add_set(store, other)
    candidate = await add_version(store, shop, provider="offline")
    await evaluated(store, golden, 0.93, 9 * DAY)
    await evaluated(store, golden, 0.92, 8 * DAY)
    await evaluated(store, golden, 0.50, 5 * HOUR, version_id=candidate.id)
    await evaluated(store, golden, 0.50, 4 * HOUR, split="dev")
    await evaluated(store, theirs, 0.50, 3 * HOUR)
    assert (await seen(store, shop)).value == 0.0

    await evaluated(store, golden, 0.50, 2 * HOUR, fingerprint="new")
    assert (await seen(store, shop)).value is None
