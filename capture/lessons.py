"""What a batch teaches: training rows and the customers' answers, with personal data masked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import msgspec

from capture.batch import Batch
from capture.masking import Mask
from capture.pairing import may_answer
from events.contents import ServedAs
from events.vocabulary import MessageReceived, ReplyDispatched
from store import ml
from store.batches import BatchInsert, Row
from text.folding import clean
from text.privacy import Recogniser
from text.ways_in import opens

Names: TypeAlias = Mapping[tuple[UUID, UUID], str | None]
LEARNED = frozenset({"answer", "order"})
BREATH = 16  # texts between two moments in which the process may do other work

# What a model's call cost stands in its training row; a person's reply called no model.
LOG_THE_CALL = """
INSERT INTO app.event_log (shop_id, reply_id, request_id, provider, model, tokens_in, tokens_out,
                           latency_ms, cost_micros, ok, created_at)
SELECT shop_id, id, request_id, provider, model, tokens_in, tokens_out, latency_ms,
       coalesce((context->>'cost_micros')::bigint, 0), true, dispatched_at
FROM news WHERE author = 'bot' ON CONFLICT DO NOTHING
"""

TRAINING = BatchInsert.into(
    ml.TrainingData,
    "shop_id", "id", "customer_id", "conversation_id", "turn_id", "request_id", "position",
    "author", "user_message", "bot_response", "intensity", "tone", "locale", "intent", "slots",
    "confidence", "context", "product_id", "product_name", "category", "provider", "model",
    "model_version", "tokens_in", "tokens_out", "latency_ms", "asked_at", "dispatched_at",
    "version_id", "rollout_id", "variant", "stage", "fallback",
    then=LOG_THE_CALL,
)  # fmt: skip


LINKS = BatchInsert.into(ml.TrainingSource, "shop_id", "training_id", "kind", "source_id")
LINKED = frozenset({"passage", "record"})
"""A product stands in the row itself; answers and words belong to the pack."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that may be the answer to a reply. `personal` says that its text was masked."""

    event: MessageReceived
    position: int
    mask: Mask
    feedback: str

    @property
    def personal(self) -> bool:
        return bool(self.mask.tags.known)


@dataclass(frozen=True, slots=True)
class Lessons:
    """`masks` says, for rows that have any, which value each tag stands for."""

    rows: list[Row] = field(default_factory=list)
    masks: list[str | None] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)


async def learn(batch: Batch, names: Names, own: tuple[Recogniser, ...] = ()) -> Lessons:
    """Gives way to others now and then: masking hundreds of texts takes long."""
    lessons = Lessons()
    for place, (reply, position) in enumerate(batch.replies):
        if place % BREATH == 0:
            await asyncio.sleep(0)
        mask = Mask((names.get((reply.shop, reply.customer)),), own)
        if _teaches(reply):
            lessons.rows.append(training_row(reply, position, mask))
            lessons.links.extend(links_of(reply))
        lessons.masks.append(as_json(mask.tags.known) if mask.tags.known else None)
    for place, (message, position) in enumerate(batch.received):
        if place % BREATH == 0:
            await asyncio.sleep(0)
        if may_answer(message):
            known = names.get((message.shop, message.customer))
            mask = Mask((known, message.sender.name), own)
            lessons.heard.append(Heard(message, position, mask, mask(message.text)))
    return lessons


def _teaches(reply: ReplyDispatched) -> bool:
    """The answer that holds a customer's own link is nobody else's answer."""
    return reply.purpose in LEARNED and reply.author == "bot" and not opens(reply.text)


def training_row(event: ReplyDispatched, position: int, mask: Mask) -> Row:
    how = event.generation
    question, reply = mask(event.question), mask(event.text)
    context: dict[str, object] = {
        "history": [mask(line) for line in how.history],
        "sources": [
            {"kind": used.kind, "id": clean(used.id), "title": clean(used.title)}
            | ({"role": used.role} if used.role else {})
            for used in how.sources
        ],
        "verdict": how.verdict,
    }
    if how.named:
        context["named"] = [str(product) for product in how.named]
    if how.cost_micros:
        context["cost_micros"] = how.cost_micros
    if how.trace:
        context["trace"] = mask.inside(how.trace)
    return (
        event.shop, event.reply, event.customer, event.conversation, event.turn, event.request_id,
        position, event.author, question, reply, how.intensity, how.tone, how.locale,
        how.intent, as_json(mask.inside(how.slots)) if how.slots else "{}", how.confidence,
        as_json(context), how.product_id, how.product_name, how.category, how.provider, how.model,
        how.model_version, how.tokens_in, how.tokens_out, how.latency_ms, event.asked_at, event.at,
        *served_as(how.served),
    )  # fmt: skip


def served_as(served: ServedAs | None) -> Row:
    if served is None:
        return (None, None, None, None, False)
    stage = served.stage if served.rollout else None
    return (served.version, served.rollout, served.variant, stage, served.fallback)


def links_of(event: ReplyDispatched) -> list[Row]:
    """Which passages and records of the customer a reply rests on."""
    used = [one for one in event.generation.sources if one.kind in LINKED]
    return [(event.shop, event.reply, one.kind, clean(one.id)) for one in used]


def as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
