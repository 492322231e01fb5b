"""Small builders: conversations of a shop with what was said in them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert

from store import app
from store.dealings import HandOver, Order
from store.ml import TrainingData
from store.session import Store
from tests.web.rows import START

STEP = 1 << 20
PRICE = (("customer", "¿cuánto cuesta la mochila?"), ("bot", "La mochila cuesta $1"))


async def add_talk(
    store: Store,
    shop: UUID,
    name: str,
    *said: tuple[str, str],
    at: datetime = START,
    account: str = "web:main",
    **changes: object,
) -> UUID:
    """Lines of (author, text), a minute apart, the last of them at `at`; a bot's answer has its
    training row. Their ids derive from the name and their number."""
    talk = uuid5(shop, name)
    began = at - timedelta(minutes=max(len(said) - 1, 0))
    head: dict[str, Any] = {
        "shop_id": shop, "id": talk, "customer_id": talk, "account": account, "chat": name,
        "last_at": at,
    } | changes  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(app.Customer).values(shop_id=shop, id=talk, name=name))
        await session.execute(insert(app.Conversation).values(head))
        for number, (author, text) in enumerate(said):
            when = began + timedelta(minutes=number)
            message = message_of(shop, talk, number, author, text, when)
            await session.execute(insert(app.Message).values(message))
            if author == "bot":
                row = row_of(shop, talk, number, said[number - 1][1], text, when)
                await session.execute(insert(TrainingData).values(row))
    return talk


def page(talk: UUID, what: str = "") -> str:
    return f"/conversaciones/{talk}{what}"


def answer(talk: UUID, what: str) -> str:
    """Where something is done to what the bot said second."""
    return page(talk, f"/respuestas/{line_of(talk, 1)}/{what}")


def line_of(talk: UUID, number: int) -> UUID:
    return uuid5(talk, str(number))


def message_of(
    shop: UUID, talk: UUID, number: int, author: str, text: str, at: datetime
) -> dict[str, Any]:
    which = line_of(talk, number)
    return {
        "shop_id": shop, "id": which, "conversation_id": talk, "position": STEP * (number + 1),
        "author": author, "content": "text", "text": text, "request_id": which, "turn_id": which,
        "at": at, "received_at": at,
    }  # fmt: skip


def row_of(
    shop: UUID, talk: UUID, number: int, asked: str, said: str, at: datetime
) -> dict[str, Any]:
    which = line_of(talk, number)
    return {
        "shop_id": shop, "id": which, "customer_id": talk, "conversation_id": talk,
        "turn_id": which, "request_id": which, "position": STEP * (number + 1), "author": "bot",
        "user_message": asked, "bot_response": said, "intensity": 0.5, "tone": "neutral",
        "locale": "es", "intent": "consulta_precio", "slots": {"quantity": 2}, "confidence": 0.8,
        "context": {"sources": [{"kind": "product", "id": "MOC-001", "title": "Mochila Urbana"}],
                    "verdict": "ok", "cost_micros": 120},
        "category": "consulta_precio", "provider": "offline", "model": "reglas",
        "model_version": "1", "tokens_in": 10, "tokens_out": 20, "latency_ms": 12,
        "dispatched_at": at, "created_at": at, "product_name": "Mochila Urbana",
    }  # fmt: skip


async def hand_over(
    store: Store, shop: UUID, talk: UUID, *, reason: str = "complaint", at: datetime = START
) -> None:
    values = {
        "shop_id": shop, "id": uuid5(talk, "mano"), "conversation_id": talk, "reason": reason,
        "question": "¿hola?", "summary": ["Quiere hablar de su pedido"], "at": at,
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(HandOver).values(values))


def order_of(talk: UUID, total: int = 24990) -> UUID:
    return uuid5(talk, f"pedido {total}")


async def add_order(
    store: Store, shop: UUID, talk: UUID, *, state: str = "paid", at: datetime = START,
    total: int = 24990,
) -> UUID:  # fmt: skip
    values = {
        "shop_id": shop, "id": order_of(talk, total), "customer_id": talk, "total": total,
        "conversation_id": talk, "account": "web:main", "chat": "x", "state": state,
        "currency": "CLP", "reply_id": talk, "paid_at": at if state == "paid" else None,
        "updated_at": at,
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(Order).values(values))
    return order_of(talk, total)
