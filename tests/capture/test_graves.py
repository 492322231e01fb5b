"""Old data of somebody who was erased does not come back; whoever writes anew is somebody new."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from capture.recorder import Recorder
from events.contents import Alias
from store import app, ml
from store.privacy import tombstones
from store.privacy.persons import find
from store.session import Store, driver
from tests.capture.talk import START, Talk, capture


async def bury(store: Store, talk: Talk, after_s: float) -> None:
    async with store.transaction() as session:
        connection = await driver(session)
        who = await find(connection, talk.shop, talk.customer)
        assert who is not None
        await tombstones.bury(connection, who, START + timedelta(seconds=after_s))


async def empty(store: Store) -> None:
    async with store.transaction() as session:
        for table in (
            ml.TrainingData, app.Delivery, app.Message, app.Conversation, app.CustomerAlias,
            app.Customer,
        ):  # fmt: skip
            await session.execute(delete(table))


async def texts(store: Store) -> list[str]:
    async with store.reading() as session:
        return list(await session.scalars(select(app.Message.text).order_by(app.Message.position)))


async def test_an_event_from_before_the_erasure_leaves_nothing_behind(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    first = [talk.says("soy Ana", raw="{}"), talk.replies("hola Ana"), talk.sent("77")]
    await capture(recorder, *first)
    await bury(store, talk, 60)
    await empty(store)
    await capture(recorder, *first)
    assert await texts(store) == []
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(app.Customer)) == 0


async def test_who_writes_afterwards_is_somebody_new(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("soy Ana"))
    await bury(store, talk, 1.5)
    await empty(store)
    await capture(recorder, talk.says("hola de nuevo"), talk.replies("¿en qué te ayudo?"))
    assert await texts(store) == ["hola de nuevo", "¿en qué te ayudo?"]


async def test_a_name_of_theirs_is_known_in_another_conversation_too(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    phone = Alias(kind="phone", id="+56912345678")
    await capture(recorder, talk.says("hola", aliases=[phone]))
    await bury(store, talk, 60)
    await empty(store)
    imported = Talk(talk.shop, name="ana por otro lado", account="whatsapp:main")
    await capture(recorder, imported.says("esto lo dije antes", aliases=[phone]))
    assert await texts(store) == []


async def test_another_shop_s_tombstone_turns_nobody_away(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"))
    async with store.transaction() as session:
        other = app.Shop(id=talk.customer, key="other", name="Other", pack="ventas")
        session.add(other)
        await session.flush()
        connection = await driver(session)
        who = await find(connection, talk.shop, talk.customer)
        assert who is not None
        await tombstones.pepper(connection, other.id)
        await connection.execute(
            "INSERT INTO app.erased (shop_id, digest, at) SELECT $1, $2, $3",
            other.id,
            tombstones.digests(await tombstones.pepper(connection, talk.shop), who)[0],
            START + timedelta(days=1),
        )
    await capture(recorder, talk.says("sigo aquí"))
    assert await texts(store) == ["hola", "sigo aquí"]
