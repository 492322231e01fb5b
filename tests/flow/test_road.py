"""The whole road: a customer's message becomes an answer, a training row and a score."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import caused_by, named
from services.state import Endpoints
from store import app, ml
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.moments import come_due, waits


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def rows(of: Bot, chat: str) -> list[ml.TrainingData]:
    conversation = named("memory:main", "conversation", chat)
    query = (
        select(ml.TrainingData)
        .where(ml.TrainingData.conversation_id == conversation)
        .order_by(ml.TrainingData.position)
    )
    async with of.parts.store.reading() as session:
        return list(await session.scalars(query))


async def test_a_conversation_is_answered_captured_paired_and_scored(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        price = await shop.ask("ana", "¿cuánto cuesta la mochila urbana azul?")
        assert "24.990" in price
        await shop.ask("ana", "no me gusta, muy cara")
        await shop.ask("ana", "bueno ya, la quiero")
        await shop.settled()
        first, second, third = await rows(shop, "ana")
    assert first.user_message == "¿cuánto cuesta la mochila urbana azul?"
    assert first.bot_response == price
    assert first.product_name == "Mochila Urbana Azul"
    assert first.category == "consulta_precio"
    assert (first.user_feedback, first.quality_score) == ("no me gusta, muy cara", 1)
    assert not first.is_successful
    assert second.user_feedback == "bueno ya, la quiero"
    assert second.quality_score == 5
    assert second.is_successful
    assert (third.user_feedback, third.quality_score, third.evaluated_at) == (None, None, None)


async def test_instant_customers_pair_each_answer_with_the_message_after_it(
    backing: Backing, prefix: str
) -> None:
    """The next message often overtakes the news that the answer was sent."""

    async def customer(shop: Bot, chat: str) -> None:
        for number in range(8):
            await shop.ask(chat, f"pregunta {number}")

    chats = [f"c{number}" for number in range(12)]
    async with bot(backing, knobs(prefix)) as shop:
        await asyncio.gather(*(customer(shop, chat) for chat in chats))
        await shop.settled()
        found = [await rows(shop, chat) for chat in chats]
    for conversation in found:
        asked = [row.user_message for row in conversation]
        assert asked == [f"pregunta {number}" for number in range(8)]
        assert [row.user_feedback for row in conversation] == [*asked[1:], None]


async def test_a_burst_of_messages_gets_one_answer_to_all_of_them(
    backing: Backing, prefix: str
) -> None:
    settings = knobs(prefix, turns={"patience": 1, "usual_ms": 60_000})
    async with bot(backing, settings) as shop:
        for text in ("hola", "quiero saber", "¿cuánto cuesta el envío?"):
            await shop.channel.say("ana", text)
        await until(lambda: joined(shop, "ana", 3))
        await come_due(shop, await waits(shop))
        assert len(shop.channel.replies("ana")) == 1
        (row,) = await rows(shop, "ana")
    assert row.user_message == "hola\nquiero saber\n¿cuánto cuesta el envío?"


async def joined(of: Bot, chat: str, count: int) -> bool:
    """Whether the open turn holds so many messages."""
    keys, conversation = of.parts.stream.keys, named("memory:main", "conversation", chat)
    turn = keys.turn(conversation, keys.partition(conversation))
    return bool(await of.parts.wire.command("HGET", turn, "revision") == str(count).encode())


async def test_nothing_of_ours_leaves_after_a_person_spoke(backing: Backing, prefix: str) -> None:
    settings = knobs(prefix, turns={"patience": 1, "usual_ms": 60_000})
    async with bot(backing, settings) as shop:
        await shop.channel.say("ana", "¿cuánto cuesta la mochila?")
        await until(lambda: joined(shop, "ana", 1))
        begun = await waits(shop)
        message = shop.channel.message("ana", "yo sigo contigo", key="from-the-phone")
        fields = {name: getattr(message, name) for name in message.__struct_fields__}
        await shop.channel.deliver(type(message)(**(fields | {"author": "human"})))
        await come_due(shop, begun)
        assert shop.channel.replies("ana") == []
        (row,) = await rows(shop, "ana")
        assert (row.author, row.bot_response) == ("human", "yo sigo contigo")


async def test_personal_data_stays_out_of_the_learning_schema(
    backing: Backing, prefix: str
) -> None:
    secret = "mi rut es 12.345.678-5 y mi correo ana@ejemplo.cl"
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", secret)
        await shop.ask("ana", "llámame al +56 9 8765 4321")
        await shop.settled()
        found = await rows(shop, "ana")
        async with shop.parts.store.reading() as session:
            raw = set(await session.scalars(select(app.Message.text)))
    learned = " ".join(f"{row.user_message} {row.user_feedback} {row.context}" for row in found)
    assert secret in raw
    for value in ("12.345.678-5", "ana@ejemplo.cl", "8765"):
        assert value not in learned
    assert "[RUT_1]" in learned


async def test_two_shops_on_one_database_never_see_each_other(
    backing: Backing, prefix: str
) -> None:
    async with (
        bot(backing, knobs(f"{prefix}-a", "ana")) as one,
        bot(backing, knobs(f"{prefix}-b", "berta")) as other,
    ):
        await asyncio.gather(one.ask("x", "hola, soy de ana"), other.ask("y", "hola, soy de berta"))
        await asyncio.gather(one.settled(), other.settled())
        seen: dict[UUID, list[str]] = {}
        for parts in (one.parts, other.parts):
            async with parts.store.tenant(parts.shop) as session:
                seen[parts.shop] = list(await session.scalars(select(ml.TrainingData.user_message)))
    assert list(seen.values()) == [["hola, soy de ana"], ["hola, soy de berta"]]


async def test_ids_derive_from_their_cause_all_along_the_road(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        message = await shop.channel.say("ana", "hola")
        await shop.channel.wait_for_replies("ana", 1)
        await shop.settled()
        (row,) = await rows(shop, "ana")
        async with shop.parts.store.reading() as session:
            delivery = await session.get(app.Delivery, (row.shop_id, row.id))
    assert row.turn_id == caused_by(message.id, "turn")
    assert row.id == caused_by(row.turn_id, "reply:1")
    assert row.request_id == message.request_id
    assert delivery is not None
    assert delivery.state == "sent"
