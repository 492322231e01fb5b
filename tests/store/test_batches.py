from uuid import uuid4

from sqlalchemy import select

from store import app
from store.batches import BatchInsert, storable
from store.session import Store

SHOPS = BatchInsert.into(app.Shop, "id", "key", "name", "pack")


async def test_rows_are_written_together_and_those_that_exist_stay(store: Store) -> None:
    first, second = uuid4(), uuid4()
    async with store.batch() as connection:
        await SHOPS.write(connection, [(first, "a", "A", "ventas")])
        await SHOPS.write(connection, [(first, "a", "other", "x"), (second, "b", "B", "ventas")])
        await SHOPS.write(connection, [])
    async with store.reading() as session:
        names = await session.scalars(select(app.Shop.name).order_by(app.Shop.key))
        assert list(names) == ["A", "B"]


async def test_what_postgres_cannot_keep_is_left_out_of_texts(store: Store) -> None:
    async with store.batch() as connection:
        await SHOPS.write(connection, [(uuid4(), "a", "na\0me \ud83d!", "ventas")])
    async with store.reading() as session:
        assert await session.scalar(select(app.Shop.name)) == "name !"


def test_texts_that_can_be_kept_are_not_copied() -> None:
    texts = ["hola", None, "¿qué tal? 🙂"]
    assert storable(texts) is texts
    assert storable(["a\0", None]) == ["a", None]
