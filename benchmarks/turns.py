"""A large shop's captured turns, copied in bulk: Spanish questions and answers with prices, typing
errors, corrections, bad scores, and near copies of what others asked."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from store.session import BatchConnection, open_connection

Row = tuple[Any, ...]
AT_ONCE: Final = 5_000
TURNS_EACH: Final = 8
"""Turns of a customer, in one conversation."""
COPIES, CORRECTED, SOLD = 0.2, 0.02, 0.3
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
THINGS, KINDS, WORDS = (
    line.split() for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
)
ASKED: Final = ("cuánto cuesta", "tienen", "cómo puedo pagar", "me muestran", "hacen envíos de")
INTENTS: Final = (
    "consulta_precio", "consulta_producto", "proceso_pago", "solicitud_foto", "consulta_envio",
)  # fmt: skip
COLUMNS: Final = {
    "app.customer": ("shop_id", "id", "name"),
    "app.conversation": ("shop_id", "id", "customer_id", "account", "chat", "last_at"),
    "app.message": (
        "shop_id", "id", "conversation_id", "position", "author", "content", "text", "request_id",
        "at", "received_at",
    ),
    "app.delivery": ("shop_id", "message_id", "state", "updated_at"),
    "app.event_log": (
        "shop_id", "reply_id", "request_id", "provider", "model", "tokens_in", "tokens_out",
        "latency_ms", "cost_micros", "ok", "created_at",
    ),
    "ml.training_data": (
        "shop_id", "id", "customer_id", "conversation_id", "request_id", "position", "author",
        "user_message", "bot_response", "intensity", "tone", "locale", "intent", "slots",
        "confidence", "context", "category", "provider", "model", "model_version", "tokens_in",
        "tokens_out", "latency_ms", "dispatched_at", "created_at", "quality_score",
        "is_successful", "correction",
    ),
}  # fmt: skip


async def fill(url: str, shop: UUID, rows: int) -> None:
    """Without looking at foreign keys, which would take longer than everything else."""
    connection = await open_connection(url, limit_s=None)
    try:
        await connection.execute("SET session_replication_role = replica")
        some: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        for number, turn in enumerate(_turns(shop, rows), 1):
            for name, row in turn:
                some[name].append(row)
            if number % AT_ONCE == 0 or number == rows:
                await _copy(connection, some)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: BatchConnection, some: dict[str, list[Row]]) -> None:
    for name, rows in some.items():
        schema, table = name.split(".")
        columns = COLUMNS[name]
        await connection.copy_records_to_table(
            table, schema_name=schema, columns=columns, records=rows
        )
        rows.clear()


def _turns(shop: UUID, rows: int) -> Iterator[Iterator[tuple[str, Row]]]:
    dice = random.Random(20_261_121)  # noqa: S311  repeatable, not secret
    told: list[tuple[str, str]] = []
    for number in range(rows):
        if told and dice.random() < COPIES:
            question, answer = (_misspelt(text, dice) for text in dice.choice(told))
        else:
            question, answer = _said(dice)
            told = [*told[-200:], (question, answer)] if number % 10 == 0 else told
        yield _turn(shop, number, (question, answer), dice)


def _said(dice: random.Random) -> tuple[str, str]:
    thing = f"{dice.choice(THINGS)} {dice.choice(KINDS)}"
    wish, reason = (" ".join(dice.choices(WORDS, k=count)) for count in (8, 14))
    question = f"Hola, {dice.choice(ASKED)} la {thing}? {wish}"
    answer = (
        f"¡Hola! La {thing} cuesta ${dice.randrange(3, 90)}.990 y te llega el lunes"
        f" {dice.randrange(1, 29)}. {reason.capitalize()}. Quedan {dice.randrange(2, 40)}"
        " disponibles, ¿te la reservo?"
    )
    return question, answer


def _misspelt(text: str, dice: random.Random) -> str:
    place = dice.randrange(10, len(text))
    return f"{text[:place]}{dice.choice('aeiou')}{text[place + 1 :]}"


def _turn(
    shop: UUID, number: int, said: tuple[str, str], dice: random.Random
) -> Iterator[tuple[str, Row]]:
    customer, turn = uuid5(shop, f"c{number // TURNS_EACH}"), uuid5(shop, f"t{number}")
    at, place = START + timedelta(seconds=20 * number), 2 * (number % TURNS_EACH) + 2
    if number % TURNS_EACH == 0:
        yield "app.customer", (shop, customer, f"{dice.choice(WORDS)}o {dice.choice(THINGS)}ez")
        yield "app.conversation", (shop, customer, customer, "web:main", str(number), at)
    line = (shop, turn, customer, place, "bot", "text", said[1], turn, at, at)
    yield "app.message", line
    yield "app.delivery", (shop, turn, "sent", at)
    yield "app.event_log", (shop, turn, turn, "groq", "gpt", 900, 60, 700, 90, True, at)
    intent, score = dice.choice(INTENTS), dice.choices((5, 4, 3, 2, None), (50, 25, 8, 7, 10))[0]
    better = (
        said[1].replace("reservo", "guardo, o prefieres verla")
        if dice.random() < CORRECTED
        else None
    )
    yield "ml.training_data", (
        shop, turn, customer, customer, turn, place, "bot", *said,
        dice.choice((0.2, 0.5, 0.9)), "neutral", "es", intent, "{}", 0.9, _context(dice), intent,
        "groq", "gpt", "1", 900, 60, 700, at, at, score, dice.random() < SOLD, better,
    )  # fmt: skip


def _context(dice: random.Random) -> str:
    thing = dice.choice(THINGS)
    return json.dumps(
        {
            "verdict": "ok",
            "history": ["user: hola, buenas", "assistant: ¡Hola! ¿Qué buscas?"][
                : dice.choice((0, 2))
            ],
            "sources": [{"kind": "product", "id": thing, "title": thing.capitalize()}],
        }
    )
