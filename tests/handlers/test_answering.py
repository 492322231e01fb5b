"""A model that claims what no source holds is asked once more, and then not believed."""

from dataclasses import replace

import pytest

from handlers.reply import Replier
from knowledge.examples import Examples
from llm.base import ModelRejected, ModelUnavailable
from store.session import Store
from tests.handlers.replying import Scripted, ask, with_model


async def test_what_is_unsupported_is_said_again_without_it(replier: Replier) -> None:
    model = Scripted("El mate cuesta $1, una ganga.", "El mate es de calabaza, ¿te lo muestro?")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.text == "El mate es de calabaza, ¿te lo muestro?"
    assert draft.generation.verdict == "repaired:again"
    assert len(model.asked) == 2
    *_, before, correction = model.asked[1].prompt.messages(masked=True)
    assert (before.role, before.content) == ("assistant", "El mate cuesta $1, una ganga.")
    assert "un precio o monto" in correction.content
    assert model.asked[1].tools == ()


async def test_it_is_asked_once_more_and_no_more(replier: Replier) -> None:
    model = Scripted("El mate cuesta $1.", "Perdón, el mate cuesta $2.", "Nadie pide esto.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert len(model.asked) == 2
    assert "$14.990" in draft.text
    assert draft.generation.verdict == "replaced:price"
    assert draft.generation.trace["checks"] == ["replaced:price", "replaced:price"]


@pytest.mark.parametrize("error", [ModelUnavailable("down"), ModelRejected("no")])
async def test_when_it_cannot_be_asked_again_what_is_sound_is_kept(
    replier: Replier, error: ModelUnavailable | ModelRejected
) -> None:
    model = Scripted("El mate cuesta $1. Es de calabaza y viene con su bombilla.", error)

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.text == "Es de calabaza y viene con su bombilla."
    assert draft.generation.verdict == "repaired:price"


async def test_a_sound_answer_is_asked_for_once(replier: Replier) -> None:
    model = Scripted("El mate cuesta $14.990.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert len(model.asked) == 1
    assert draft.generation.verdict == "ok"


async def test_a_forbidden_answer_is_replaced_by_the_shop_s_own(replier: Replier) -> None:
    model = Scripted("Claro, te hago un descuento especial si pagas hoy.")

    draft = await ask(with_model(replier, model), "me haces un precio?")

    assert draft.generation.verdict == "forbidden:sin_descuentos"
    assert "Los precios son los publicados" in draft.text
    assert [used.id for used in draft.generation.sources] == ["descuento"]


async def test_the_customer_s_style_reaches_the_prompt_and_the_row(
    replier: Replier, store: Store
) -> None:
    model = Scripted("El mate cuesta $14.990.")
    examples = Examples(store)
    asked = with_model(replier, model)
    asked = replace(asked, answering=replace(asked.answering, examples=examples))

    draft = await ask(asked, "cuánto cuesta el mate?")

    system = model.asked[0].prompt.messages(masked=True)[0].content
    assert "Intensidad media" in system
    assert "Así responde la tienda" in system  # the pack's own examples, as there are no others
    assert (draft.generation.intensity, draft.generation.tone) == (0.5, "neutral")
