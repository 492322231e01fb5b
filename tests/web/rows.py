"""Small builders: captured rows of a shop, as the recorder and the scorer write them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, update

from store import app, ml
from store.dealings import HandOver
from store.facts import DailyFact
from store.session import Store

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
PRAISED: dict[str, Any] = {
    "user_feedback": "genial, la quiero",
    "quality_score": 5,
    "quality_label": "purchase_intent",
    "quality_confidence": 0.9,
    "is_successful": True,
}


async def add_row(
    store: Store,
    shop: UUID,
    name: str,
    *,
    at: datetime = START,
    minutes: int = 0,
    **changes: object,
) -> UUID:
    """One answered turn, so many minutes after its moment."""
    row = uuid5(shop, name)
    at += timedelta(minutes=minutes)
    followed = changes.get("user_feedback") is not None
    values: dict[str, Any] = {
        "shop_id": shop, "id": row, "customer_id": shop, "conversation_id": shop,
        "turn_id": row, "request_id": row, "position": 1, "author": "bot",
        "user_message": f"pregunta {name}", "bot_response": f"respuesta {name}",
        "intensity": 0.5, "tone": "neutral", "locale": "es", "intent": "consulta_precio",
        "slots": {}, "confidence": 0.8, "context": {}, "category": "consulta_precio",
        "provider": "offline", "model": "reglas", "model_version": "1", "tokens_in": 10,
        "tokens_out": 20, "latency_ms": 12, "dispatched_at": at, "created_at": at,
        "follow_up_id": row if followed else None, "evaluated_at": at if followed else None,
    } | changes  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(ml.TrainingData).values(values))
    return row


async def add_conversation(store: Store, shop: UUID) -> None:
    """The customer and the conversation every row of the shop belongs to."""
    async with store.transaction() as session:
        await session.execute(insert(app.Customer).values(shop_id=shop, id=shop))
        await session.execute(
            insert(app.Conversation).values(
                shop_id=shop, id=shop, customer_id=shop, account="web:main", chat="x", last_at=START
            )
        )


async def add_score(store: Store, shop: UUID, row: UUID, version: int, **changes: object) -> None:
    values: dict[str, Any] = {
        "shop_id": shop, "training_id": row, "scorer": "lexicon", "version": version, "score": 5,
        "label": "purchase_intent", "confidence": 0.9, "successful": True,
        "evidence": [{"rule": "purchase_intent", "text": "la quiero", "weight": 3.0}],
        "created_at": START + timedelta(minutes=version),
    } | changes  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(ml.Score).values(values))


async def add_delivery(store: Store, shop: UUID, row: UUID, state: str, reason: str) -> None:
    async with store.transaction() as session:
        await session.execute(
            insert(app.Message).values(
                shop_id=shop, id=row, conversation_id=shop, position=1, author="bot",
                content="text", text="x", request_id=row, at=START, received_at=START,
            )
        )  # fmt: skip
        await session.execute(
            insert(app.Delivery).values(
                shop_id=shop, message_id=row, state=state, reason=reason, updated_at=START
            )
        )


async def add_hand_over(store: Store, shop: UUID, summary: list[str]) -> None:
    async with store.transaction() as session:
        await session.execute(
            insert(HandOver).values(
                shop_id=shop, id=shop, conversation_id=shop, reason="asked", question="¿hola?",
                summary=summary, at=START,
            )
        )  # fmt: skip


async def judge(store: Store, shop: UUID, row: UUID, **changes: object) -> None:
    """What the scorer writes into the row when the customer's next message is judged."""
    judged = {"follow_up_id": row, "evaluated_at": START, **changes}
    async with store.transaction() as session:
        await session.execute(
            update(ml.TrainingData)
            .where(ml.TrainingData.shop_id == shop, ml.TrainingData.id == row)
            .values(judged)
        )


async def add_day(store: Store, shop: UUID, ago: int, **counts: int) -> None:
    at = datetime.now(UTC)
    filled = dict.fromkeys(
        ("replies", "conversations", "scored", "score_sum", "successes", "no_answers", "local",
         "tokens_in", "tokens_out", "cost_micros", "orders", "orders_sum", "paid", "paid_sum",
         "paid_led", "paid_led_sum", "hand_overs", "ratings", "bad_ratings", "corrections",
         "good"), 0,
    )  # fmt: skip
    day = (at - timedelta(days=ago)).date()
    row = {"shop_id": shop, "day": day, "began_at": at, "ended_at": at, "costs": {}}
    async with store.transaction() as session:
        await session.execute(insert(DailyFact).values(row | filled | counts | {"refused": {}}))
