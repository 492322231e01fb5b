"""A model that claims what no source holds is asked once more, and then not believed."""

from dataclasses import replace
from uuid import UUID

import pytest

from config.shapes import Term
from events.happened import named
from handlers.reading import Reading, Understanding
from handlers.reply import Replier
from handlers.standing import state_of
from handlers.steps import Asked, Situation
from knowledge import deciding
from knowledge.catalogue import vocabulary
from knowledge.examples import Examples
from knowledge.products import build_index
from llm.base import Message, ModelRejected, ModelUnavailable
from store.session import Store
from tests.handlers.replying import (
    NOW,
    PACK,
    PARSER,
    Scripted,
    ask,
    turn_of,
    with_model,
)


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
    model = Scripted("Claro, te mando un cupón para ti.")

    draft = await ask(with_model(replier, model), "me haces un precio?")

    assert draft.generation.verdict == "forbidden:sin_descuentos"
    assert "Los precios son los publicados" in draft.text
    assert [used.id for used in draft.generation.sources] == ["descuento"]


async def test_an_insult_is_said_again_without_it(replier: Replier) -> None:
    model = Scripted("Lee bien, idiota: el mate cuesta $14.990.", "El mate cuesta $14.990.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.text == "El mate cuesta $14.990."
    assert draft.generation.verdict == "repaired:again"
    assert draft.generation.trace["checks"] == ["replaced:insult", "ok"]
    *_, correction = model.asked[1].prompt.messages(masked=True)
    assert "con respeto" in correction.content


async def test_who_threatens_twice_is_not_heard_and_the_facts_are_told(replier: Replier) -> None:
    model = Scripted("Sabemos dónde vives.", "El mate cuesta $1. Cuídate las espaldas.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
    assert "espaldas" not in draft.text
    assert draft.generation.verdict == "replaced:insult"


async def never(store: Store, shop: UUID, *words: str) -> None:
    term = Term(word="promo", definition="Una oferta de la semana.", never=words)
    await deciding.write(store, shop, term, NOW)


async def test_what_the_shop_never_says_is_said_again_without_it(
    replier: Replier, store: Store, shop: UUID
) -> None:
    await never(store, shop, "ganga", "lo más barato")
    model = Scripted("El mate cuesta $14.990, son GANGAS.", "El mate cuesta $14.990.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.text == "El mate cuesta $14.990."
    assert draft.generation.verdict == "repaired:again"
    assert draft.generation.trace["checks"] == ["replaced:never", "ok"]
    assert "«ganga», «lo más barato»" in model.asked[0].prompt.messages(masked=True)[0].content
    *_, correction = model.asked[1].prompt.messages(masked=True)
    assert "que la tienda nunca dice" in correction.content


async def test_who_says_it_twice_loses_the_sentence_or_the_answer(
    replier: Replier, store: Store, shop: UUID
) -> None:
    await never(store, shop, "ganga", "lo más barato")
    kept = Scripted("Es una ganga. El mate cuesta $14.990.", "Una ganga. El mate cuesta $14.990.")
    lost = Scripted("Es lo más barato.", "De verdad que es lo mas barato que hay.")

    repaired = await ask(with_model(replier, kept), "cuánto cuesta el mate?")
    replaced = await ask(with_model(replier, lost), "y cuánto cuesta el mate?")

    assert (repaired.text, repaired.generation.verdict) == (
        "El mate cuesta $14.990.", "repaired:never",
    )  # fmt: skip
    assert "barato" not in replaced.text
    assert "$14.990" in replaced.text
    assert replaced.generation.verdict == "replaced:never"


async def test_without_a_model_it_is_not_said_either(
    replier: Replier, store: Store, shop: UUID
) -> None:
    await never(store, shop, "stock disponible")

    draft = await ask(replier, "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
    assert "disponible" not in draft.text
    assert draft.generation.verdict == "repaired:never"


async def test_the_name_of_a_product_is_said_as_it_is(
    replier: Replier, store: Store, shop: UUID
) -> None:
    await never(store, shop, "mate", "calabaza")
    model = Scripted("Sí: Mate de Calabaza con Bombilla cuesta $14.990.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.generation.verdict == "ok"


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


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("draft", "todavía no confirma"),
        ("confirmed", "espera su pago"),
        ("receipt", "una persona de la tienda está revisando"),
    ],
)
def test_a_model_is_told_how_the_customer_s_order_stands(
    reader_of: Reading, state: str, told: str
) -> None:
    notes = {"order": f"{named('order', '1')}:{state}"}
    asked = Asked(turn_of("hola"), reader_of, Situation(notes=notes), NOW)

    first, second = state_of(asked)

    assert first == "Es el primer mensaje de esta conversación."
    assert told in second


def test_of_an_order_that_is_over_nothing_is_told(reader_of: Reading) -> None:
    notes = {"order": f"{named('order', '1')}:cancelled"}
    assert len(state_of(Asked(turn_of("hola"), reader_of, Situation(notes=notes), NOW))) == 1


def test_a_model_is_told_that_a_yes_is_to_the_person_who_asked(reader_of: Reading) -> None:
    said = (Message("assistant", "¿Te la guardo?", person=True), Message("user", "a ver"))
    (told,) = state_of(Asked(turn_of("sí"), replace(reader_of, said=said), Situation(), NOW))
    assert "una persona de la tienda" in told


@pytest.fixture
def reader_of() -> Reading:
    """A first message, understood."""
    index = build_index((), vocabulary(PACK))
    return Understanding(PACK, PARSER).read("hola", index)


async def test_a_sum_that_does_not_add_up_is_said_again_or_not_at_all(replier: Replier) -> None:
    wrong = "Son 2 mates de $14.990: el total es $39.980."
    right = "Son 2 mates de $14.990, $29.980 en total."

    mended = await ask(with_model(replier, Scripted(wrong, right)), "quiero 2 mates, ¿cuánto es?")
    stuck = await ask(with_model(replier, Scripted(wrong, wrong)), "quiero 2 mates, ¿cuánto es?")

    assert mended.text == right
    assert "$39.980" not in stuck.text
