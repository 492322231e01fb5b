"""Which rows of the past may serve as examples."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, select, update

from llm.embeddings import OFFLINE_MODEL, hashed
from store import examples, ml
from store.app import Conversation, Customer
from store.base import Base
from store.examples import ALIKE, PER_CUSTOMER
from store.session import Store
from tests.fixtures.rows import a_row
from tests.store.test_ledger import person


@pytest.mark.parametrize("refuses", ["nobody", "the one who wrote", "whom they turned out to be"])
async def test_who_takes_no_part_teaches_nothing_under_any_of_their_names(
    store: Store, shop: UUID, refuses: str
) -> None:
    kept = await person(store, shop)
    written = await person(store, shop, merged_into=kept.customer)
    row = a_row(_table(ml.TrainingData), shop) | {
        "customer_id": written.customer,
        "product_id": None,
        "order_id": None,
        "version_id": None,
        "rollout_id": None,
        "quality_score": 5,
    }
    talk = a_row(_table(Conversation), shop) | {"customer_id": written.customer}
    opposed = {"the one who wrote": written, "whom they turned out to be": kept}.get(refuses)
    async with store.transaction() as session:
        await session.execute(insert(Conversation), talk)
        await session.execute(insert(ml.TrainingData), row | {"conversation_id": talk["id"]})
        if opposed is not None:
            opting_out = update(Customer).where(Customer.id == opposed.customer)
            await session.execute(opting_out.values(no_training=True))

    async with store.batch() as connection:
        found = await examples.good(connection, [(shop, row["id"])])

    assert len(found) == (refuses == "nobody")


async def test_two_names_of_one_person_give_as_much_as_one(store: Store, shop: UUID) -> None:
    kept = await person(store, shop)
    other = await person(store, shop, merged_into=kept.customer)
    questions = ("¿hay mochilas?", "cuándo abren", "a qué hora cierran", "envían a Arica")
    for number, question in enumerate(questions):
        who = (kept, other)[number % 2].customer
        await _remembered(store, shop, who, question)

    assert len(await _asked(store, shop)) == PER_CUSTOMER


async def test_what_a_person_wrote_is_kept_however_many_ask_the_same(
    store: Store, shop: UUID
) -> None:
    for _ in range(ALIKE + 2):
        someone = await person(store, shop)
        await _remembered(store, shop, someone.customer, "¿hay mochilas?")
    assert len(await _asked(store, shop)) == ALIKE

    someone = await person(store, shop)
    await _remembered(store, shop, someone.customer, "¿hay mochilas?", human=True)
    assert len(await _asked(store, shop)) == ALIKE + 1


async def _remembered(
    store: Store, shop: UUID, customer: UUID, question: str, *, human: bool = False
) -> None:
    mine = {"id": uuid4(), "customer_id": customer}
    talk = a_row(_table(Conversation), shop) | mine
    nothing = dict.fromkeys(("product_id", "order_id", "version_id", "rollout_id"))
    row = a_row(_table(ml.TrainingData), shop) | nothing | mine | {"request_id": uuid4()}
    async with store.transaction() as session:
        await session.execute(insert(Conversation), talk)
        await session.execute(insert(ml.TrainingData), row | {"conversation_id": talk["id"]})
    one = examples.Candidate(shop, row["id"], customer, question, "Sí, claro.", 5, human)
    async with store.batch() as connection:
        await examples.keep(connection, one, OFFLINE_MODEL, hashed(question))


async def _asked(store: Store, shop: UUID) -> list[str]:
    async with store.reading() as session:
        query = select(examples.Example.question).where(examples.Example.shop_id == shop)
        return list(await session.scalars(query))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
