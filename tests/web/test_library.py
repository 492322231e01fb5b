"""No filter of the library reads more of a large shop than it shows."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.rows import add_conversation, add_row
from web.examples import WINDOW, listed
from web.wanted import Wanted

MANY = 20_000
COPY = """
INSERT INTO ml.training_data
SELECT (jsonb_populate_record(t, jsonb_build_object(
  'id', gen_random_uuid(), 'created_at', t.created_at - n * interval '1 minute',
  'intent', CASE WHEN n % 500 = 0 THEN 'reclamo' ELSE t.intent END,
  'is_successful', n % 500 = 1, 'correction', CASE WHEN n % 500 = 2 THEN 'x' END,
  'stars', CASE WHEN n % 500 = 3 THEN 5 WHEN n % 500 = 4 THEN 1 END,
  'quality_score', CASE WHEN n % 500 = 4 THEN 1 END,
  'rejected', n % 500 = 5, 'origin', CASE WHEN n % 500 = 6 THEN 'file' ELSE 'chat' END))).*
FROM ml.training_data t, generate_series(1, $2::int) n WHERE t.shop_id = $1
"""
FILTERS = {
    "everything": Wanted(),
    "sold": Wanted(venta="si"),
    "corrected": Wanted(corregido="si"),
    "good": Wanted(nota="4"),
    "bad": Wanted(nota="2"),
    "intent": Wanted(intencion="reclamo"),
    "origin": Wanted(origen="archivo"),
    "excluded": Wanted(estado="excluido"),
}


def touched(plan: dict[str, Any]) -> int:
    """Rows that all scans of a plan produced or threw away."""
    own = 0
    if "Scan" in plan["Node Type"]:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get(
            "Rows Removed by Index Recheck", 0
        )
        own = int((plan["Actual Rows"] + thrown) * plan["Actual Loops"])
    return own + sum(touched(child) for child in plan.get("Plans", ()))


@pytest.fixture
async def large(store: Store) -> UUID:
    shop = await add_shop(store)
    await add_conversation(store, shop)
    await add_row(store, shop, "first")
    async with store.batch() as connection:
        await connection.execute(COPY, shop, MANY)
    return shop


async def test_each_filter_finds_its_page_by_an_index(store: Store, large: UUID) -> None:
    statements: list[tuple[str, Any]] = []

    def heard(_c: Any, _r: Any, sql: str, given: Any, *_more: Any) -> None:  # noqa: ANN401  the event's
        statements.append((sql, given))

    for name, wanted in FILTERS.items():
        async with store.tenant(large) as session:
            statements.clear()
            event.listen(store.engine.sync_engine, "before_cursor_execute", heard)
            found = await listed(session, large, wanted)
            event.remove(store.engine.sync_engine, "before_cursor_execute", heard)
            sql, given = statements[0]
            plan = (
                await (await session.connection()).exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given
                )
            ).scalar_one()
        told = json.loads(plan) if isinstance(plan, str) else plan
        assert len(found.rows) == 20, name
        assert touched(told[0]["Plan"]) < 200, name


async def test_words_that_nobody_said_are_sought_a_window_at_a_time(
    store: Store, large: UUID
) -> None:
    before, pages = "", 0
    while True:
        async with store.tenant(large) as session:
            found = await listed(session, large, Wanted(q="jamás dicho"), before=before)
        assert found.rows == []
        pages += 1
        before = found.next
        if not before:
            break

    assert pages == MANY // WINDOW + 1
