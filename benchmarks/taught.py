"""Whole turns as capture reads them: a question, the reply that left, the news that it arrived."""

from collections.abc import Iterator

import msgspec

from benchmarks.conversations import TURNS, Customers
from events.contents import Generation, SourceUsed
from events.effects import Delivered
from events.happened import caused_by, following
from events.vocabulary import MessageReceived, ReplyDispatched, ReplySent

ANSWER = (
    "La Mochila Urbana Azul cuesta $24.990. Tenemos 14 disponibles. Hacemos envíos a todo Chile: "
    "llega en 2 a 5 días hábiles. ¿Te la reservo?"
)
HOW = Generation(
    intent="consulta_precio", category="consulta_precio", slots={"producto": "mochila"},
    confidence=0.9, provider="offline", model="ventas", model_version="1", tokens_in=60,
    tokens_out=30, latency_ms=1, history=("user: hola", "assistant: ¡Hola! ¿En qué te ayudo?"),
    sources=(SourceUsed(kind="product", id="MOC-001", title="Mochila Urbana Azul"),),
)  # fmt: skip
AT_ONCE = 50


def batches(turns: int, size: int) -> Iterator[list[Delivered]]:
    """Of `size` turns each, from conversations side by side, so that follow-ups find replies."""
    customers, place = Customers(), 0
    batch: list[Delivered] = []
    for number in range(turns):
        block, chat = divmod(number, AT_ONCE)
        turn, chat = block % TURNS, chat + AT_ONCE * (block // TURNS)
        for event in _turn(customers.line(chat, turn).event):
            place += 1
            batch.append(Delivered(event, place))
        if len(batch) == 3 * size or number == turns - 1:
            yield batch
            batch = []


def _turn(asked: MessageReceived) -> tuple[MessageReceived, ReplyDispatched, ReplySent]:
    turn = caused_by(asked.id, "turn")
    asked = msgspec.structs.replace(asked, turn=turn)
    reply = caused_by(turn, "reply:1")
    dispatched = ReplyDispatched(
        **following(asked, "dispatched", asked.at, of=reply), reply=reply, customer=asked.customer,
        chat=asked.chat, text=ANSWER, parts=(ANSWER,), question=asked.text, answers=(asked.id,),
        asked_at=asked.at, generation=HOW,
    )  # fmt: skip
    sent = ReplySent(
        **following(asked, "sent", asked.at, of=reply), reply=reply, platform_ids=("s1",)
    )
    return asked, dispatched, sent
