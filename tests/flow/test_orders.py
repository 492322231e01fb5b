"""An order from the wish to the paid one: code executes, the customer and the seller decide."""

from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import named
from events.manners import OrderDue
from handlers.payments import OrderClosed
from services.state import Endpoints
from store import app, ml
from store.dealings import Order, OrderLine
from store.ml import Score
from tests.fixtures.bots import Bot, bot, knobs

TRANSFER = "Banco Uno, cuenta 123"
PAID = {"orders": {"transfer": TRANSFER, "link": "https://pay.example.com/{order}"}}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def tap(shop: Bot, chat: str, verb: str, order: UUID, key: str) -> str:
    before = len(shop.channel.replies(chat))
    message = shop.channel.message(chat, verb, key=key)
    tapped = msgspec.structs.replace(message, action=f"order:{verb}:{order}")
    await shop.channel.deliver(tapped)
    return (await shop.channel.wait_for_replies(chat, before + 1))[-1]


async def photo(shop: Bot, chat: str, key: str = "photo") -> str:
    before = len(shop.channel.replies(chat))
    message = shop.channel.message(chat, "", key=key)
    await shop.channel.deliver(msgspec.structs.replace(message, content="photo", text="pagado"))
    return (await shop.channel.wait_for_replies(chat, before + 1))[-1]


async def orders(shop: Bot, chat: str) -> list[Order]:
    """A draft's row is written with the conversation's other news."""
    await shop.settled()
    query = select(Order).where(
        Order.shop_id == shop.parts.shop,
        Order.conversation_id == named("memory:main", "conversation", chat),
    )
    async with shop.parts.store.reading() as session:
        return list((await session.scalars(query.order_by(Order.created_at))).all())


async def stock(shop: Bot, sku: str) -> int:
    query = select(app.Product.stock).where(
        app.Product.shop_id == shop.parts.shop, app.Product.sku == sku
    )
    async with shop.parts.store.reading() as session:
        return await session.scalar(query) or 0


async def known(shop: Bot, chat: str) -> None:
    """A first word, so that the customer is written down."""
    await shop.ask(chat, "hola")
    await shop.settled()


async def test_a_wish_becomes_a_paid_order_and_the_answer_that_led_to_it_is_the_best(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="sells", **PAID)) as shop:
        await shop.ask("ana", "cuánto cuesta la mochila urbana negra?")
        await shop.settled()
        before = await stock(shop, "MOC-002")
        asked = await shop.ask("ana", "quiero dos")
        assert "2 × Mochila Urbana Negra: $49.980" in asked
        assert "Total: $49.980" in asked
        assert [one.title for one in shop.channel.sent[-1].choices] == [
            "Confirmar pedido",
            "Cancelar",
        ]
        assert await stock(shop, "MOC-002") == before
        told = await shop.ask("ana", "sí, confirmo el pedido")
        assert TRANSFER in told
        assert "https://pay.example.com/" in told
        assert await stock(shop, "MOC-002") == before - 2
        assert "comprobante" in await photo(shop, "ana")
        (order,) = await orders(shop, "ana")
        assert (order.state, order.total) == ("receipt", 49_980)
        assert order.receipt_id is not None
        replies = len(shop.channel.replies("ana"))
        assert (
            await shop.parts.payments.decide(shop.parts.shop, order.id, paid=True, by="Carla")
            == "paid"
        )
        await shop.parts.payments.decide(shop.parts.shop, order.id, paid=True, by="Carla")
        await shop.channel.wait_for_replies("ana", replies + 1)
        await shop.ask("ana", "qué mal servicio, no me gusta nada")
        await shop.settled()
        assert sum("ya está pagado" in one for one in shop.channel.replies("ana")) == 1

        async with shop.parts.store.reading() as session:
            (row,) = (
                await session.scalars(
                    select(ml.TrainingData).where(ml.TrainingData.order_id == order.id)
                )
            ).all()
            scores = (await session.scalars(select(Score).where(Score.training_id == row.id))).all()
    assert "24.990" in row.bot_response
    assert (row.quality_score, row.quality_label, row.is_successful) == (5, "order", True)
    assert "order" in {score.scorer for score in scores}


async def test_nobody_confirms_or_cancels_the_order_of_another_nor_decides_about_money(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="foreign", **PAID)) as shop:
        await known(shop, "ana")
        await shop.ask("ana", "quiero comprar la mochila urbana azul")
        (order,) = await orders(shop, "ana")
        await known(shop, "eve")
        for number, verb in enumerate(("confirm", "cancel", "paid", "reject")):
            await tap(shop, "eve", verb, order.id, f"forged-{number}")
        await tap(shop, "ana", "paid", order.id, "own")
        (order,) = await orders(shop, "ana")
        assert order.state == "draft"


async def test_a_price_that_changed_meanwhile_is_shown_and_asked_for_again(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="dear", **PAID)) as shop:
        await known(shop, "ana")
        await shop.ask("ana", "quiero comprar la manta de alpaca")
        (order,) = await orders(shop, "ana")
        async with shop.parts.store.transaction() as session:
            product = await session.scalar(
                select(app.Product).where(
                    app.Product.shop_id == shop.parts.shop, app.Product.sku == "MAN-001"
                )
            )
            assert product is not None
            product.price = 60_000
        assert "$60.000" in await tap(shop, "ana", "confirm", order.id, "one")
        assert (await orders(shop, "ana"))[0].state == "draft"
        assert "confirmado por $60.000" in await tap(shop, "ana", "confirm", order.id, "two")
        assert (await orders(shop, "ana"))[0].state == "confirmed"


async def test_every_receipt_that_is_rejected_is_told_and_told_once(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="rejects", **PAID)) as shop:
        await known(shop, "ana")
        await shop.ask("ana", "quiero comprar la libreta punteada")
        await shop.ask("ana", "sí")
        (order,) = await orders(shop, "ana")
        for key in ("one", "two"):
            assert "comprobante" in await photo(shop, "ana", key)
            before = len(shop.channel.replies("ana"))
            for _ in range(2):  # the button is pressed twice
                await shop.parts.payments.decide(shop.parts.shop, order.id, paid=False, by="Carla")
            told = await shop.channel.wait_for_replies("ana", before + 1)
            await shop.settled()
            assert "No pudimos confirmar" in told[-1]
            assert len(shop.channel.replies("ana")) == before + 1


async def test_the_last_one_is_sold_once(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="last", **PAID)) as shop:
        for chat in ("ana", "eva"):
            await known(shop, chat)
        assert await stock(shop, "ZAP-002") == 4
        for chat in ("ana", "eva"):
            await shop.ask(chat, "me llevo 3 zapatillas urbanas blancas")
        ids = [(await orders(shop, chat))[0].id for chat in ("ana", "eva")]
        assert "confirmado" in await tap(shop, "ana", "confirm", ids[0], "a")
        assert "quedan 1" in await tap(shop, "eva", "confirm", ids[1], "b")
        assert "quedan 1" in await tap(shop, "eva", "confirm", ids[1], "c")
        assert await stock(shop, "ZAP-002") == 1


async def test_an_order_nobody_pays_is_given_up_once_and_its_stock_comes_back(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="late", orders={"expires_h": 0.0003})) as shop:
        await known(shop, "ana")
        before = await stock(shop, "LIB-001")
        await shop.ask("ana", "quiero comprar la libreta punteada")
        (order,) = await orders(shop, "ana")
        replies = len(shop.channel.replies("ana"))
        await tap(shop, "ana", "confirm", order.id, "one")
        assert "venció" in (await shop.channel.wait_for_replies("ana", replies + 2))[-1]
        assert await stock(shop, "LIB-001") == before
        due = OrderDue(
            id=order.id,
            shop=shop.parts.shop,
            account="memory:main",
            conversation=order.conversation_id,
            request_id=order.id,
            at=order.updated_at,
            received_at=order.updated_at,
            order=order.id,
            customer=order.customer_id,
            chat="ana",
        )
        await shop.parts.payments.on_due(due)
        assert await stock(shop, "LIB-001") == before
        with pytest.raises(OrderClosed):
            await shop.parts.payments.decide(shop.parts.shop, order.id, paid=True, by="Carla")


async def test_a_turn_that_is_handled_twice_makes_one_order(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="twice", **PAID)) as shop:
        await known(shop, "ana")
        before = await stock(shop, "TAZ-001")
        await shop.ask("ana", "quiero comprar 2 tazones andinos")
        (order,) = await orders(shop, "ana")
        for _ in range(2):  # the button is pressed twice
            await tap(shop, "ana", "confirm", order.id, f"tap-{_}")
        await shop.settled()
        assert len(await orders(shop, "ana")) == 1
        assert await stock(shop, "TAZ-001") == before - 2
        async with shop.parts.store.reading() as session:
            lines = (
                await session.scalars(select(OrderLine).where(OrderLine.order_id == order.id))
            ).all()
        assert [(line.sku, line.quantity) for line in lines] == [("TAZ-001", 2)]


async def test_a_bare_yes_to_what_was_offered_last_is_shown_as_an_order(
    backing: Backing, prefix: str
) -> None:
    """Not to what was spoken of before something else was answered."""
    async with bot(backing, knobs(prefix, shop="sells", **PAID)) as shop:
        told = await shop.ask("ana", "¿cuánto cuesta la mochila urbana negra?")
        assert "¿Quieres hacer el pedido?" in told
        shown = await shop.ask("ana", "sí, por favor")
        assert "1 × Mochila Urbana Negra: $24.990" in shown
        (draft,) = await orders(shop, "ana")
        assert draft.state == "draft"
        await shop.ask("ana", "sí")
        (order,) = await orders(shop, "ana")
        assert order.state == "confirmed"

        await shop.ask("luis", "¿cuánto cuesta la mochila urbana negra?")
        await shop.ask("luis", "¿hacen envíos a regiones?")
        await shop.ask("luis", "ok")
        assert await orders(shop, "luis") == []
