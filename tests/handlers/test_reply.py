"""A turn becomes a draft: what is said, and from what."""

import json
from dataclasses import replace
from typing import get_args

import pytest

from events.contents import Content
from events.effects import Effects
from events.happened import caused_by, named
from handlers.custom import Custom, Turn
from handlers.reply import Replier
from nlu.parse import intent
from tests.handlers.replying import NOW, ask, draft_of, turn_of


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


async def test_what_was_said_before_is_remembered(replier: Replier) -> None:
    history = replier.reader.history
    first = turn_of("tienen la mochila azul?")
    draft = draft_of(await replier.on_turn(first))
    key = history.keys.history(first.conversation)
    line = {"r": "assistant", "t": draft.text, "m": str(draft.id)}
    await history.wire.command("RPUSHX", key, json.dumps(line))

    after = draft_of(await replier.on_turn(turn_of("¿y cuánto cuesta?")))

    assert "El precio de Mochila Urbana Azul es $24.990" in after.text
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
