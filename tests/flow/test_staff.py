"""The shop's own people act from their own chats, and nobody else does."""

from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import named
from services.state import Endpoints
from store import app, ml
from store.dealings import Order
from tests.fixtures.bots import Bot, bot, knobs

STAFF = {"staff": ("memory:main:carla",)}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def here(chat: str) -> UUID:
    return named("memory:main", "conversation", chat)


async def tap(shop: Bot, chat: str, action: str, key: str) -> str:
    """All that comes of it in their chat: the answer, and perhaps a notice."""
    before = len(shop.channel.replies(chat))
    message = shop.channel.message(chat, "botón", key=key)
    await shop.channel.deliver(msgspec.structs.replace(message, action=action))
    await shop.channel.wait_for_replies(chat, before + 1)
    await shop.settled()
    return "\n".join(shop.channel.replies(chat)[before:])


async def silent(shop: Bot, chat: str) -> bool:
    key = shop.parts.stream.keys.silence(here(chat))
    return bool(await shop.parts.wire.command("EXISTS", key))


async def test_a_member_of_the_staff_takes_a_conversation_and_gives_it_back(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="desk", takeover=STAFF)) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        ref = str(here("ana"))[:8]
        assert "La atiendes tú" in await shop.ask("carla", f"/bot off {ref}")
        assert await silent(shop, "ana")
        await shop.settled()
        assert "Atendidas por personas: 1" in await shop.ask("carla", "/estado")
        assert "vuelve a responder" in await tap(shop, "carla", f"word:give:{here('ana')}", "g")
        assert not await silent(shop, "ana")
        assert "24.990" in await shop.ask("ana", "¿cuánto cuesta la mochila urbana azul?")
        assert "No encuentro" in await shop.ask("carla", "/bot on 00000000")
        assert "/bot on" in await shop.ask("carla", "hola")


async def test_what_the_staff_tell_each_other_is_not_answered(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="among", takeover=STAFF)) as shop:
        message = shop.channel.message("carla", "¿quién cierra hoy?", key="aside")
        await shop.channel.deliver(msgspec.structs.replace(message, addressed=False))
        await shop.settled()
        assert shop.channel.replies("carla") == []


async def test_what_the_staff_writes_is_nothing_to_learn_from(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="unlearned", takeover=STAFF)) as shop:
        await shop.ask("carla", "/ayuda")
        await shop.settled()
        async with shop.parts.store.reading() as session:
            rows = select(ml.TrainingData).where(ml.TrainingData.conversation_id == here("carla"))
            assert (await session.scalars(rows)).all() == []
            kept = select(app.Message.purpose).where(app.Message.conversation_id == here("carla"))
            assert set((await session.scalars(kept)).all()) == {"answer", "notice"}


async def test_a_customer_with_a_forged_button_changes_nothing(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="forged", takeover=STAFF)) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        await tap(shop, "eve", f"word:take:{here('ana')}", "1")
        await shop.ask("eve", f"/bot off {str(here('ana'))[:8]}")
        assert not await silent(shop, "ana")


async def test_the_seller_confirms_a_payment_from_their_chat(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="paid", takeover=STAFF)) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        await shop.ask("ana", "quiero comprar la mochila urbana azul")
        await shop.ask("ana", "sí")
        message = shop.channel.message("ana", "", key="photo")
        before = len(shop.channel.replies("ana"))
        await shop.channel.deliver(msgspec.structs.replace(message, content="photo", text="listo"))
        await shop.channel.wait_for_replies("ana", before + 1)
        notice = (await shop.channel.wait_for_replies("carla", 1))[0]
        assert "$24.990" in notice
        (paid, _) = next(part for part in shop.channel.sent if part.chat == "carla").choices
        assert "confirmado" in await tap(shop, "carla", paid.id, "paid")
        assert "pagado" in (await shop.channel.wait_for_replies("ana", before + 2))[-1]
        async with shop.parts.store.reading() as session:
            order = await session.scalar(select(Order).where(Order.conversation_id == here("ana")))
        assert order is not None
        assert (order.state, order.decided_by) == ("paid", "carla")
        assert "ya no se puede cambiar" in await tap(
            shop, "carla", paid.id.replace("paid", "reject"), "reject"
        )
