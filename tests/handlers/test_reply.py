"""A turn becomes a draft: what is said, from what, and what happens when something is down."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

import pytest

from app.parts import sample_products
from config.packs import Pack, load_pack
from events.effects import Effects, Outcome, Retry
from events.partitions import Keys
from events.vocabulary import Content, ReplyDrafted, TurnMessage, TurnReady, caused_by, named
from handlers.custom import Custom, Turn
from handlers.drafting import Drafter
from handlers.history import History
from handlers.reading import Reader
from handlers.reply import Replier
from knowledge.catalogue import Catalogue, vocabulary
from llm.base import (
    Completion,
    LanguageModel,
    ModelError,
    ModelMisconfigured,
    ModelRejected,
    ModelUnavailable,
    Request,
)
from llm.offline import OfflineModel
from nlu.parse import build_parser, intent
from services.wire import Wire
from store.session import Store, open_store
from store.shops import upsert_products
from text.splitting import utf16_length

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PACK = load_pack("ventas")
PARSER = build_parser(PACK)
SHOP = named("shop", "demo")


class Scripted:
    """A model that says what the test wants, and remembers what it was asked."""

    def __init__(self, *outcomes: str | ModelError) -> None:
        self.name = "scripted"
        self.outcomes = list(outcomes)
        self.asked: list[Request] = []

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        request.prompt.messages(masked=True)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, ModelError):
            raise outcome
        return Completion(outcome, "scripted", "test-1")

    async def close(self) -> None:
        """Nothing is open."""


def turn_of(
    *texts: str, chat: str = "ana", content: Content = "text", revision: int = 1
) -> TurnReady:
    messages = tuple(
        TurnMessage(id=named("message", chat, text, str(place)), text=text, at=NOW, content=content)
        for place, text in enumerate(texts or ("",))
    )
    return TurnReady(
        id=named("ready", chat, *texts),
        shop=SHOP,
        account="memory:test",
        conversation=named("conversation", chat),
        request_id=named("request", chat, *texts),
        turn=named("turn", chat, *texts),
        at=NOW,
        received_at=NOW,
        customer=named("customer", chat),
        chat=chat,
        revision=revision,
        messages=messages,
    )


def replier_for(
    store: Store, history: History, model: LanguageModel | None = None, *, pack: Pack = PACK
) -> Replier:
    catalogue = Catalogue(store, vocabulary(pack))
    return Replier(
        reader=Reader(pack, PARSER, catalogue, history),
        model=model or OfflineModel(),
        drafter=Drafter(pack, limit=lambda _: 4096),
        clock=lambda: NOW,
    )


@pytest.fixture
def history(wire: Wire, prefix: str, store: Store) -> History:
    return History(wire, Keys(prefix, 4), store)


@pytest.fixture
async def replier(store: Store, shop: UUID, history: History) -> AsyncIterator[Replier]:
    async with store.transaction() as session:
        await upsert_products(session, shop, sample_products(PACK, "demo"))
    replier = replier_for(store, history)
    yield replier
    await replier.reader.catalogue.close()


@pytest.fixture
async def closed_store() -> AsyncIterator[Store]:
    """A store whose Postgres is not there."""
    opened = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    yield opened
    await opened.close()


def draft_of(outcome: Outcome) -> ReplyDrafted:
    assert isinstance(outcome, Effects)
    (event,) = outcome.events
    assert isinstance(event, ReplyDrafted)
    return event


async def ask(replier: Replier, *texts: str) -> ReplyDrafted:
    return draft_of(await replier.on_turn(turn_of(*texts)))


async def test_a_price_question_is_answered_from_the_catalogue(replier: Replier) -> None:
    draft = await ask(replier, "hola, cuánto cuesta la mochila azul?")

    assert "$24.990" in draft.text
    assert draft.parts == (draft.text,)
    assert draft.generation.intent == "consulta_precio"
    assert draft.generation.product_name == "Mochila Urbana Azul"
    assert draft.generation.product_id == named("product", "demo", "MOC-001")
    assert [used.title for used in draft.generation.sources] == ["Mochila Urbana Azul"]
    assert (draft.generation.provider, draft.generation.verdict) == ("offline", "ok")


async def test_a_draft_carries_its_cause(replier: Replier) -> None:
    turn = turn_of("hola", "tienen mochilas?", revision=2)

    draft = draft_of(await replier.on_turn(turn))

    assert turn.turn is not None
    assert draft.id == caused_by(turn.turn, "reply:2")
    assert (draft.turn, draft.revision, draft.question) == (turn.turn, 2, "hola\ntienen mochilas?")
    assert draft.answers == tuple(message.id for message in turn.messages)
    assert (draft.request_id, draft.customer, draft.asked_at) == (
        turn.request_id,
        turn.customer,
        NOW,
    )


async def test_the_same_turn_yields_the_same_draft(replier: Replier) -> None:
    turn = turn_of("tienen poleras?")

    first = draft_of(await replier.on_turn(turn))
    second = draft_of(await replier.on_turn(turn))

    assert (first.id, first.text, first.parts) == (second.id, second.text, second.parts)


async def test_payment_answers_are_marked_as_sensitive(replier: Replier) -> None:
    assert (await ask(replier, "cómo puedo pagar?")).sensitive
    assert not (await ask(replier, "hacen envíos?")).sensitive


@pytest.mark.parametrize("text", ["", "/start", "/start promo-7", "/start@mi_bot", "hola"])
async def test_a_beginning_is_greeted(replier: Replier, text: str) -> None:
    assert (await ask(replier, text)).text.startswith("¡Hola!")


async def test_a_command_for_help_gets_help(replier: Replier) -> None:
    assert "precios" in (await ask(replier, "/ayuda")).text


@pytest.mark.parametrize("content", [c for c in get_args(Content) if c not in {"text", "action"}])
async def test_media_without_words_is_answered_honestly_or_not_at_all(
    replier: Replier, content: Content
) -> None:
    turn = turn_of("", content=content)

    outcome = await replier.on_turn(turn)

    if content in {"sticker", "service", "unsupported"}:
        assert outcome == Effects(closes=turn.turn)
    else:
        assert draft_of(outcome).text.startswith("Por ahora solo leo texto")


async def test_a_caption_is_answered_like_a_text(replier: Replier) -> None:
    outcome = await replier.on_turn(turn_of("tienen este termo?", content="photo"))

    assert "Termo Acero 500 ml" in draft_of(outcome).text


async def test_a_long_reply_travels_in_parts_that_fit(replier: Replier) -> None:
    short = replace(replier, drafter=Drafter(PACK, limit=lambda _: 60))

    draft = draft_of(await short.on_turn(turn_of("qué tienen de tecnología?")))

    assert len(draft.parts) > 1
    assert all(utf16_length(part) <= 60 for part in draft.parts)
    assert "".join("".join(draft.parts).split()) == "".join(draft.text.split())


async def test_what_was_said_before_is_remembered(replier: Replier) -> None:
    history = replier.reader.history
    first = turn_of("tienen la mochila azul?")
    draft = draft_of(await replier.on_turn(first))
    key = history.keys.history(first.conversation)
    line = {"r": "assistant", "t": draft.text, "m": str(draft.id)}
    await history.wire.command("RPUSHX", key, json.dumps(line))

    after = draft_of(await replier.on_turn(turn_of("¿y cuánto cuesta?")))

    assert "Mochila Urbana Azul cuesta $24.990" in after.text
    assert after.generation.history == (
        "user: tienen la mochila azul?",
        f"assistant: {draft.text}",
    )


async def test_a_shops_own_handler_comes_first(replier: Replier) -> None:
    seen: list[Turn] = []

    async def by_drone(turn: Turn) -> str | None:
        seen.append(turn)
        return "Lo enviamos por dron."

    own = replace(replier, custom=(Custom(intent("consulta_envio"), by_drone),))

    draft = await ask(own, "hacen envíos de la mochila azul?")

    assert draft.text == "Lo enviamos por dron."
    assert draft.generation.provider == "custom"
    assert [product.sku for product in seen[0].products()] == ["MOC-001"]
    assert [product.sku for product in seen[0].products("plumones")] == ["PLU-001"]
    assert (seen[0].intent, seen[0].locale) == ("consulta_envio", "es")
    assert (await ask(own, "cuánto cuesta el mate?")).generation.provider == "offline"


async def test_a_handler_that_declines_leaves_the_turn_to_the_next(replier: Replier) -> None:
    async def declines(turn: Turn) -> str | None:
        return None

    async def answers(turn: Turn) -> str | None:
        return f"Hola {turn.text}"

    everything = (Custom(lambda _: True, declines), Custom(lambda _: True, answers))

    assert (await ask(replace(replier, custom=everything), "ana")).text == "Hola ana"
    declined = replace(replier, custom=everything[:1])
    assert (await ask(declined, "hola")).text.startswith("¡Hola!")


async def test_an_invented_price_never_leaves(replier: Replier) -> None:
    model = Scripted("El mate cuesta $1. Es muy bonito y viene con bombilla de acero.")

    draft = await ask(replace(replier, model=model), "cuánto cuesta el mate?")

    assert draft.text == "Es muy bonito y viene con bombilla de acero."
    assert draft.generation.verdict == "repaired:price"


async def test_a_reply_that_is_nothing_but_invented_is_replaced_by_facts(replier: Replier) -> None:
    model = Scripted("Cuesta $1.")

    draft = await ask(replace(replier, model=model), "cuánto cuesta el mate?")

    assert "Mate de Calabaza con Bombilla cuesta $14.990" in draft.text
    assert draft.generation.verdict == "replaced:price"


async def test_hosted_models_see_marks_and_the_customer_sees_their_own_data(
    replier: Replier,
) -> None:
    model = Scripted("Anotado: [MAIL_1]. Te avisamos ahí.")

    draft = await ask(replace(replier, model=model), "mi correo es ana.perez@gmail.com, ¿hay mate?")

    (request,) = model.asked
    sent = "\n".join(message.content for message in request.prompt.messages(masked=True))
    assert "ana.perez" not in sent
    assert "[MAIL_1]" in sent
    assert draft.text == "Anotado: ana.perez@gmail.com. Te avisamos ahí."


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (ModelUnavailable("limited", retry_after=12.0), 12.0),
        (ModelUnavailable("down"), 5.0),
        (ModelMisconfigured("no key"), 5.0),
    ],
)
async def test_without_any_model_the_turn_waits(
    replier: Replier, error: ModelError, after: float
) -> None:
    outcome = await replace(replier, model=Scripted(error)).on_turn(turn_of("hola"))

    assert isinstance(outcome, Retry)
    assert outcome.after == after


async def test_a_request_that_every_model_refuses_is_answered_with_facts(replier: Replier) -> None:
    model = Scripted(ModelRejected("content filter"))

    draft = await ask(replace(replier, model=model), "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
    assert (draft.generation.provider, draft.generation.verdict) == ("offline", "rejected")


async def test_without_a_catalogue_the_turn_waits_for_postgres(
    closed_store: Store, wire: Wire, prefix: str
) -> None:
    replier = replier_for(closed_store, History(wire, Keys(prefix, 4), closed_store))

    outcome = await replier.on_turn(turn_of("cuánto cuesta el mate?"))

    assert isinstance(outcome, Retry)


async def test_a_known_catalogue_answers_while_postgres_is_down(
    replier: Replier, closed_store: Store
) -> None:
    await ask(replier, "hola")
    catalogue, history = replier.reader.catalogue, replier.reader.history
    cut_off = replace(
        replier.reader,
        catalogue=replace(catalogue, store=closed_store, ttl_s=0.0),
        history=replace(history, store=closed_store),
    )

    draft = await ask(replace(replier, reader=cut_off), "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
