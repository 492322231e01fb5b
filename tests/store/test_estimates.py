"""What the planner expects of a page's rows, and both ways of a search."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import text

from store.session import Store, open_connection, open_store
from tests.fixtures.store import add_shop

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE: Final = 1_000
PASSED: Final = 2_100
"""More than a search looks at before it takes its way."""


async def _talk(url: str, shop: UUID, *said: tuple[str, int]) -> None:
    """`said` from the newest to the oldest, each so many times, a second apart."""
    connection = await open_connection(url)
    customer = "INSERT INTO app.customer (shop_id, id, name) VALUES ($1, $1, 'Ana')"
    await connection.execute(customer, shop)
    await connection.execute(
        "INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at)"
        " VALUES ($1, $1, $1, 'web:main', '1', $2)",
        shop,
        NOW,
    )
    texts = [one for one, times in said for _ in range(times)]
    await connection.executemany(
        "INSERT INTO app.message (shop_id, id, conversation_id, position, author, content, text,"
        " request_id, at, received_at)"
        " VALUES ($1, $2, $1, $3, 'customer', 'text', $4, $2, $5, $5)",
        [
            (shop, UUID(int=number + 1), len(texts) - number, one, NOW - timedelta(seconds=number))
            for number, one in enumerate(texts)
        ],
    )
    await connection.close()


async def _found(web: Store, shop: UUID, words: str, most: int = 500) -> list[datetime]:
    async with web.tenant(shop) as session:
        query = text("SELECT at FROM app.said(:words, :since, :most)")
        values = {"words": words, "since": NOW - timedelta(days=1), "most": most}
        return list(await session.scalars(query, values))


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Store]:
    opened = open_store(database_url, role="web", pool=1)
    yield opened
    await opened.close()


async def test_rare_and_common_words_are_found_alike(
    store: Store, web: Store, shop: UUID, database_url: str
) -> None:
    said = (("¿precio?", 80), ("hola", PASSED), ("¿envío?", 3), ("precio", 5))
    for one in (shop, await add_shop(store, "otra")):
        await _talk(database_url, one, *said)
    envio = NOW - timedelta(seconds=80 + PASSED)
    common = await _found(web, shop, "precio or ¿precio")
    rare = await _found(web, shop, "envio or ¿envío")

    assert (len(common), common[0]) == (85, NOW)
    assert common == sorted(common, reverse=True)
    assert rare == [envio - timedelta(seconds=number) for number in range(3)]
    assert await _found(web, shop, "envio or ¿envío", most=2) == rare[:2]
    assert await _found(web, shop, "precio or ¿precio", most=7) == common[:7]
    assert await _found(web, shop, "mochila") == []


async def test_the_planner_expects_most_rows_of_a_shop(
    web: Store, shop: UUID, database_url: str
) -> None:
    """One in two hundred, as of an expression that is null, made a page of its lists seconds."""
    connection = await open_connection(database_url)
    await connection.execute(
        "INSERT INTO app.customer (shop_id, id, name)"
        " SELECT $1, gen_random_uuid(), n::text FROM generate_series(1, $2::int) n",
        shop,
        PEOPLE,
    )
    await connection.execute("ANALYZE app.customer")
    await connection.close()
    async with web.tenant(shop) as session:
        explained = text("EXPLAIN (FORMAT json) SELECT * FROM app.customer WHERE shop_id = :shop")
        (plan,) = await session.scalar(explained, {"shop": shop})
    assert plan["Plan"]["Plan Rows"] > PEOPLE / 2


async def test_every_rule_of_own_rows_is_worded_for_the_planner(database_url: str) -> None:
    connection = await open_connection(database_url)
    rules = await connection.fetch("SELECT qual FROM pg_policies WHERE policyname = 'own_customer'")
    await connection.close()
    assert rules
    assert [one["qual"] for one in rules if "> 0) IS NOT TRUE" not in one["qual"]] == []
