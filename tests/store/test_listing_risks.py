"""Lists of risks: by an index, and no more rows read than a page holds."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from store import risk_lists
from store.predicting import Of
from store.risk_lists import FEW, Wanted
from store.session import Store, open_connection
from tests.web.lenders import TODAY, Lender

MANY = 3_000
LIKELIEST = "ix_risk_prediction_listed"
DEAREST: dict[Of, str] = {
    "loan": "ix_loan_shop_id_balance_id",
    "instalment": "ix_instalment_left",
}
OFS = tuple(DEAREST)
FORETELL = """
INSERT INTO app.risk_prediction (shop_id, id, kind, model_id, version, client_id, loan_id,
  instalment_id, due_on, as_of, at, probability, factors)
SELECT l.shop_id, gen_random_uuid(), :kind, :model, 1, l.client_id, l.id, i.id, i.due_on, :day,
  now(), (l.number::int - 1000) / 3000.0, '[]'
FROM app.loan l LEFT JOIN app.instalment i
  ON i.shop_id = l.shop_id AND i.loan_id = l.id AND i.number = 1 AND :kind = 'instalment'
WHERE l.shop_id = :shop
"""
OTHERS_PAID = """
UPDATE app.instalment SET paid_amount = amount, state = 'paid' WHERE shop_id = :shop AND number > 1
"""


@pytest.fixture
async def many(store: Store, shop: UUID, database_url: str) -> UUID:
    lender = Lender(store, shop)
    await lender.lends(*(f"Persona {n}" for n in range(MANY)))
    models = [await lender.trains(of) for of in OFS]
    async with store.transaction() as session:
        for model in models:
            given = {"model": model.id, "kind": model.kind, "day": TODAY, "shop": shop}
            await session.execute(text(FORETELL), given)
        await session.execute(text(OTHERS_PAID), {"shop": shop})
    connection = await open_connection(database_url)
    await connection.execute("ANALYZE app.risk_prediction, app.loan, app.instalment, app.client")
    await connection.close()
    return shop


async def plan(store: Store, shop: UUID, wanted: Wanted) -> str:
    """As pages read it: under row-level security."""
    async with store.tenant(shop) as session:
        dialect = (await session.connection()).dialect
        few = await risk_lists.some(session, shop, wanted)
        query = risk_lists.listing(shop, wanted, few).compile(
            dialect=dialect, compile_kwargs={"literal_binds": True}
        )
        told = await session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}"))
        return "\n".join(told)


def most_read(plan: str) -> int:
    """The most rows that any step of it gave, or threw away."""
    given = (
        int(rows) * int(times) for rows, times in re.findall(r"rows=(\d+)\S* loops=(\d+)", plan)
    )
    thrown = (int(rows) for rows in re.findall(r"Removed by Filter: (\d+)", plan))
    return max(*given, *thrown, 0)


def read(plan: str, index: str) -> int:
    """How many rows it gave."""
    (rows,) = re.findall(rf"{index}\b.*?rows=(\d+)", plan)
    return int(rows)


@pytest.mark.parametrize("of", OFS)
async def test_a_page_of_the_likeliest_reads_that_page(store: Store, many: UUID, of: Of) -> None:
    told = await plan(store, many, Wanted(of, limit=26))
    assert read(told, LIKELIEST) <= 26, told
    assert "Seq Scan on risk_prediction" not in told, told
    after = Wanted(of, after=(0.5, UUID(int=0)), limit=26)
    assert read(await plan(store, many, after), LIKELIEST) <= 26


@pytest.mark.parametrize("of", OFS)
async def test_where_most_is_left_to_pay_reads_that_page(store: Store, many: UUID, of: Of) -> None:
    told = await plan(store, many, Wanted(of, by="left", limit=26))
    assert read(told, DEAREST[of]) <= 26, told
    assert "Seq Scan on risk_prediction" not in told, told
    assert "Sort" not in told, told
    most = await plan(store, many, Wanted(of, by="left", least=0.1, limit=26))
    assert read(most, DEAREST[of]) <= 300, most


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("loan", 0.99, by="left"),
        Wanted("instalment", 0.99, by="left"),
        Wanted("instalment", 0.1, 0.12, left=80_000),
        Wanted("instalment", due_from=TODAY + timedelta(3_000)),
        Wanted("instalment", by="left", due_until=TODAY),
        Wanted("loan", left=790_000),
        Wanted("instalment", left=10**12),
    ],
)
async def test_what_a_filter_leaves_few_of_is_found_by_the_filter(
    store: Store, many: UUID, wanted: Wanted
) -> None:
    """Not by an order, from end to end."""
    told = await plan(store, many, wanted)
    assert most_read(told) <= MANY // 10, told
    async with store.tenant(many) as session:
        rows = await risk_lists.listed(session, many, wanted)
    places = [(row["place"], row["tie"]) for row in rows]
    assert places == sorted(places, reverse=True)
    assert all(wanted.least <= row["probability"] < (wanted.below or 2) for row in rows)
    assert all(row["left"] >= wanted.left for row in rows)


async def test_many_are_still_found_by_their_order(store: Store, many: UUID) -> None:
    async with store.tenant(many) as session:
        half = await risk_lists.some(session, many, Wanted("loan", 0.01, by="left"))
        level = await risk_lists.some(session, many, Wanted("loan", 0.99))
    assert MANY > FEW
    assert half is None
    assert level is None


async def test_somebody_by_name_is_looked_for_among_clients(store: Store, many: UUID) -> None:
    told = await plan(store, many, Wanted("loan", names=("persona", "2999"), limit=26))
    assert "Seq Scan on risk_prediction" not in told, told
    async with store.reading() as session:
        rows = await risk_lists.listed(session, many, Wanted("loan", names=("persona", "299")))
    assert [row["client_name"] for row in rows] == [
        *(f"Persona {n}" for n in range(2999, 2989, -1)), "Persona 299",
    ]  # fmt: skip
