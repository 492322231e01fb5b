"""Small builders with defaults: rows of a shop's learning store."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import insert

from store import app, ml
from store.session import Store

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
"""A moment of the week 2026-W47."""

QUESTION = "Hola, quisiera saber cuánto cuesta la polera negra talla M por favor"
ANSWER = "¡Hola! La polera negra talla M cuesta $12.990 y te la enviamos a todo Chile."


def customer_id(shop: UUID, name: str) -> UUID:
    return uuid5(shop, f"customer:{name}")


def turn_id(shop: UUID, name: str) -> UUID:
    return uuid5(shop, f"turn:{name}")


async def add_customer(store: Store, shop: UUID, name: str, /, **changes: object) -> UUID:
    """A customer with one conversation."""
    customer = customer_id(shop, name)
    async with store.transaction() as session:
        row = {"shop_id": shop, "id": customer, **changes}
        await session.execute(insert(app.Customer).values(row))
        await session.execute(
            insert(app.Conversation).values(
                shop_id=shop, id=customer, customer_id=customer, account="web:main", chat=name,
                last_at=MONDAY,
            )
        )  # fmt: skip
    return customer


def a_turn(shop: UUID, name: str, customer: UUID, /, **changes: object) -> dict[str, Any]:
    """One captured turn, good enough to be learned from."""
    turn = {
        "shop_id": shop, "id": turn_id(shop, name), "customer_id": customer,
        "conversation_id": customer, "request_id": turn_id(shop, name), "position": 1,
        "author": "bot", "user_message": f"{QUESTION} {name}", "bot_response": ANSWER,
        "intensity": 0.5, "tone": "neutral", "locale": "es", "intent": "consulta_precio",
        "slots": {}, "confidence": 0.9, "context": {"verdict": "ok"},
        "category": "consulta_precio", "provider": "offline", "model": "offline",
        "model_version": "1", "tokens_in": 0, "tokens_out": 0, "latency_ms": 120,
        "dispatched_at": MONDAY, "created_at": MONDAY, "quality_score": 5, "is_successful": True,
    }  # fmt: skip
    return turn | changes


async def add_turns(store: Store, turns: list[dict[str, Any]]) -> None:
    async with store.transaction() as session:
        await session.execute(insert(ml.TrainingData), turns)


SYLLABLES = [one + two for one in "bcdflmnprst" for two in "aeiou"]


def wording(seed: int, words: int = 14) -> str:
    """A text of its own for every seed."""
    drawn = np.random.default_rng(seed).choice(SYLLABLES, (words, 3))
    return " ".join("".join(word) for word in drawn)


async def add_history(
    store: Store, shop: UUID, rows: int, *, customers: int = 5, first: datetime = MONDAY
) -> None:
    """Good turns, an hour apart, of customers in turn, none a copy of another."""
    people = [await add_customer(store, shop, f"c{number}") for number in range(customers)]
    await add_turns(
        store,
        [
            a_turn(
                shop, f"t{number}", people[number % customers],
                user_message=f"Hola, necesito {wording(number)}",
                bot_response=f"Claro, te ofrezco {wording(number + 5000)} por $9.990",
                created_at=first + timedelta(hours=number),
            )
            for number in range(rows)
        ],
    )  # fmt: skip
