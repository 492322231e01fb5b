"""Rows of customers who turned out to be one person, or who took their words back."""

from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from learning.reading import pages
from store import app
from store.session import Store
from tests.builders import MONDAY, a_turn, add_customer, add_turns, turn_id
from tests.learning.building import build


async def test_one_person_s_rows_count_as_one_customer_s_and_follow_one_wish(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    ana = await add_customer(store, shop, "telegram ana", name="Ana")
    same = await add_customer(store, shop, "whatsapp ana", name="Anita", merged_into=ana)
    await add_turns(store, [a_turn(shop, "t1", ana), a_turn(shop, "t2", same)])
    async for page in pages(store, shop, None):
        assert {row.customer for row in page} == {ana}
        assert {row.names for row in page} == {("Ana",), ("Anita", "Ana")}
    async with store.transaction() as session:
        wish = update(app.Customer).where(app.Customer.id == ana)
        await session.execute(wish.values(no_training=True))
    assert (await build(store, shop, tmp_path)).manifest["dropped"] == {"no_training": 2}


async def test_what_a_customer_took_back_is_not_learned_from(store: Store, shop: UUID) -> None:
    """The second question, and the answer to the third reply, which the fourth one answers."""
    ana = await add_customer(store, shop, "ana")
    answer = uuid4()
    turns = [a_turn(shop, f"t{place}", ana, position=place) for place in (2, 4, 6, 8, 10)]
    turns[2]["follow_up_id"] = answer
    await add_turns(store, turns)
    taken_back = [(uuid4(), 3), (answer, 7)]
    async with store.transaction() as session:
        for id_, place in [(uuid4(), 1), *taken_back, (uuid4(), 9)]:
            await session.execute(
                insert(app.Message).values(
                    shop_id=shop, id=id_, position=place, author="customer", content="text",
                    conversation_id=ana, text="", request_id=id_, at=MONDAY, received_at=MONDAY,
                    deleted_at=MONDAY if (id_, place) in taken_back else None,
                )
            )  # fmt: skip
    async for page in pages(store, shop, None):
        kept = {row.id for row in page if not row.rejected}
        assert kept == {turn_id(shop, "t2"), turn_id(shop, "t10")}
