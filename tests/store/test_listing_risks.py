"""Lists of risks: by an index, and no more rows read than a page or a level holds."""

import re
from uuid import UUID

import pytest
from sqlalchemy import text

from store import risks
from store.risks import Wanted
from store.session import Store, open_connection
from tests.web.lenders import TODAY, Lender

MANY = 3_000
FORETELL = """
INSERT INTO app.risk_prediction (shop_id, id, kind, model_id, version, client_id, loan_id, as_of,
  at, probability, factors)
SELECT shop_id, gen_random_uuid(), 'loan', :model, 1, client_id, id, :day, now(),
  (number::int - 1000) / 3000.0, '[]' FROM app.loan WHERE shop_id = :shop
"""


@pytest.fixture
async def many(store: Store, shop: UUID, database_url: str) -> UUID:
    lender = Lender(store, shop)
    await lender.lends(*(f"Persona {n}" for n in range(MANY)))
    model = await lender.trains()
    async with store.transaction() as session:
        given = {"model": model.id, "day": TODAY, "shop": shop}
        await session.execute(text(FORETELL), given)
    connection = await open_connection(database_url)
    await connection.execute("ANALYZE app.risk_prediction, app.loan, app.client")
    await connection.close()
    return shop


async def plan(store: Store, shop: UUID, wanted: Wanted) -> str:
    async with store.reading() as session:
        dialect = (await session.connection()).dialect
        query = risks.listing(shop, wanted).compile(
            dialect=dialect, compile_kwargs={"literal_binds": True}
        )
        told = await session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}"))
        return "\n".join(told)


def read(plan: str) -> int:
    """How many predictions the list's own index gave."""
    (rows,) = re.findall(r"ix_risk_prediction_listed\b.*?rows=(\d+)", plan)
    return int(rows)


async def test_a_page_of_the_likeliest_reads_that_page(store: Store, many: UUID) -> None:
    told = await plan(store, many, Wanted("loan", limit=26))
    assert read(told) <= 26, told
    assert "Seq Scan" not in told, told
    assert "Sort" not in told, told
    after = Wanted("loan", after=(0.5, UUID(int=0)), limit=26)
    assert read(await plan(store, many, after)) <= 26


async def test_where_most_is_left_to_pay_reads_its_level_alone(store: Store, many: UUID) -> None:
    high = Wanted("loan", least=0.98, by="left", limit=26)
    told = await plan(store, many, high)
    assert read(told) <= 70, told
    assert "Seq Scan on risk_prediction" not in told, told


async def test_somebody_by_name_is_looked_for_among_clients(store: Store, many: UUID) -> None:
    told = await plan(store, many, Wanted("loan", names=("persona", "2999"), limit=26))
    assert "Seq Scan on risk_prediction" not in told, told
    async with store.reading() as session:
        rows = await risks.listed(session, many, Wanted("loan", names=("persona", "299")))
    assert [row["client_name"] for row in rows] == [
        *(f"Persona {n}" for n in range(2999, 2989, -1)), "Persona 299",
    ]  # fmt: skip
